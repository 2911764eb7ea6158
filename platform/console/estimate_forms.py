"""What is asked of who wants a number."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from console.base_form import Form
from console.forms import MoneyField
from labelling.estimates.ask_estimate import BOUNDS

PERCENT = 10_000  # millionths
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
    half_width = forms.DecimalField(
        label=_("Exact to ±, %"), min_value=Decimal("0.1"), max_value=Decimal(40), decimal_places=2, initial=5,
    )  # fmt: skip
    confidence = forms.DecimalField(
        label=_("How sure, %"), min_value=Decimal(50), max_value=Decimal("99.9"), decimal_places=1, initial=95,
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
            "half_width_ppm": round(said["half_width"] * PERCENT),
            "confidence_ppm": round(said["confidence"] * PERCENT),
            "draws": said["draws"],
            "base_micro": said["base_micro"],
            "bonus_micro": said["bonus_micro"] or 0,
        }
