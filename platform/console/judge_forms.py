"""What is asked of who hires a judge."""

from django import forms
from django.utils.translation import gettext_lazy as _

from console.base_form import Form
from console.forms import MoneyField
from ml_assist.judges.hire import MAX_KEY, MAX_MODEL, MAX_NAME, MAX_PROMPT, MOST_CALLS
from ml_assist.judges.protocols import PROTOCOLS, protocol_named


class JudgeForm(Form):
    name = forms.CharField(label=_("Its name here"), max_length=MAX_NAME)
    protocol = forms.ChoiceField(
        label=_("How it is spoken to"), choices=[(one, protocol_named(one).title) for one in PROTOCOLS]
    )
    address = forms.CharField(
        label=_("Address"), max_length=500, help_text=_(
            "Of a chat endpoint the part before /chat/completions; of a backend that before /predict."
        ),
    )  # fmt: skip
    model = forms.CharField(label=_("Name of the model there"), max_length=MAX_MODEL, required=False)
    key = forms.CharField(
        label=_("Key"), max_length=MAX_KEY, required=False, widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("Of a backend: user:password. It is kept sealed and never shown again."),
    )  # fmt: skip
    prompt = forms.CharField(
        label=_("Prompt"), max_length=MAX_PROMPT, required=False, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("For a chat endpoint: what it is to judge and how. What an answer looks like is added by us."),
    )  # fmt: skip
    most_calls = forms.IntegerField(label=_("Calls at most"), min_value=1, max_value=MOST_CALLS, initial=1000)
    price_micro = MoneyField(
        label=_("Price of a call"), required=False,
        help_text=_("Where we pay who runs it: all calls together lie in escrow. Empty: its bill comes to you."),
    )  # fmt: skip

    def clean_price_micro(self) -> int:
        """Nothing is no price."""
        return self.cleaned_data["price_micro"] or 0
