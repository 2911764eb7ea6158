"""What is asked of who wants a number."""

from django import forms
from django.utils.translation import gettext_lazy as _

from console.base_form import Form
from console.forms import MoneyField, PercentField
from labelling.estimates.ask_estimate import BOUNDS

OF = [
    ("share", _("the share of items with a label")),
    ("accuracy", _("how often a model is right")),
    ("win_rate", _("how often a part is chosen")),
    ("mean", _("the mean rating")),
]


class EstimateForm(Form):
    of = forms.ChoiceField(label=_("Number"), choices=OF)
    what = forms.CharField(
        label=_("Of which label, model or part"), max_length=60, required=False,
        help_text=_("A label by its name, a model as model:<version> or judge:<version>, a part by its id; nothing for a mean."),
    )  # fmt: skip
    half_width = PercentField(
        label=_("Exact to ±, %"), least_ppm=BOUNDS["half_width_ppm"][0], most_ppm=BOUNDS["half_width_ppm"][1], decimal_places=2,
        initial=50_000,
    )  # fmt: skip
    confidence = PercentField(
        label=_("How sure, %"), least_ppm=BOUNDS["confidence_ppm"][0], most_ppm=BOUNDS["confidence_ppm"][1], decimal_places=1,
        initial=950_000,
    )  # fmt: skip
    draws = forms.IntegerField(
        label=_("Draws at most"), min_value=BOUNDS["draws"][0], max_value=BOUNDS["draws"][1], initial=1000,
        help_text=_("What they can cost lies in escrow; it stops by itself, and the rest comes back."),
    )  # fmt: skip
    base_micro = MoneyField(label=_("Pay for each answer"))
    bonus_micro = MoneyField(label=_("Bonus for skill, at most"), required=False)

    def wanted(self) -> dict:
        """What the verb takes."""
        said = self.cleaned_data
        return {
            "of": said["of"],
            "what": said["what"],
            "half_width_ppm": said["half_width"],
            "confidence_ppm": said["confidence"],
            "draws": said["draws"],
            "base_micro": said["base_micro"],
            "bonus_micro": said["bonus_micro"] or 0,
        }
