"""What is asked of who wants a promise on labels: shares in per cent, which the verbs take in millionths."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from console.base_form import Form
from console.forms import NO_AMOUNT, MoneyField, PercentField, refuse
from console.request import Request
from kernel.errors import DomainError
from kernel.money import PLAIN
from labelling.label_api.promise_labels import MOST_MICRO
from labelling.projects.promise_bounds import BOUNDS


def _share(name: str, **kwargs) -> PercentField:
    least, most = BOUNDS[name]
    return PercentField(least_ppm=least, most_ppm=most, **kwargs)


def _count(name: str, **kwargs) -> forms.IntegerField:
    least, most = BOUNDS[name]
    return forms.IntegerField(min_value=least, max_value=most, required=False, **kwargs)


class PromiseForm(Form):
    error = _share("error_ppm", label=_("Wrong at most, %"))
    confidence = _share("confidence_ppm", label=_("How sure, %"), required=False)
    reference = _share("reference_error_ppm", label=_("Who judges is wrong at most, %"), required=False)
    VERB = {"error": "error_ppm", "confidence": "confidence_ppm", "reference": "reference_error_ppm"}

    def wanted(self) -> dict:
        """What the verb takes; what was left empty is as it is there."""
        return {self.VERB.get(name, name): value for name, value in self.cleaned_data.items() if value is not None}


class ReleasePromiseForm(PromiseForm):
    draws = _count("draws", label=_("Draws of the sample"))
    budget = _count("budget", label=_("Labels to judge at most"))


class LabelPromiseForm(PromiseForm):
    budget = MoneyField(label=_("What a label may cost in the mean"), required=False)
    VERB = PromiseForm.VERB | {"budget": "budget_micro"}

    def clean_budget(self) -> int | None:
        budget = self.cleaned_data["budget"]
        if budget is not None and not 0 <= budget <= MOST_MICRO:
            raise forms.ValidationError(NO_AMOUNT[PLAIN])
        return budget


def promise(request: Request, form: PromiseForm, verb: Callable[[dict], object], done: str) -> None:
    """How it went is said on the next page, by the names that this one gives its fields."""
    if form.is_valid():
        try:
            with transaction.atomic():
                verb(form.wanted())
        except DomainError as refusal:
            if refusal.status in (403, 404):
                raise
            refuse(form, refusal)
    for name, sentences in form.errors.items():
        label = f"{form.fields[name].label}: " if name in form.fields else ""
        messages.error(request, label + " ".join(map(str, sentences)))
    if not form.errors:
        messages.success(request, done)
