"""What every form of the console shares."""

from collections.abc import Sequence
from typing import cast

from django import forms
from django.utils.translation import gettext_lazy as _


class Form(forms.Form):
    """Says what to do where Django says only what is wrong."""

    EMPTY = {"required": _("This cannot stay empty: fill it in.")}
    NOT_TICKED = {"required": _("Tick at least one.")}
    NUMBER = EMPTY | {
        "invalid": _("Write a number, such as 5."),
        "min_value": _("Write %(limit_value)s or more."),
        "max_value": _("Write %(limit_value)s or less."),
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.error_messages |= self._sentences_for(field)

    def _sentences_for(self, field: forms.Field) -> dict:
        if isinstance(field, forms.IntegerField | forms.DecimalField):
            return self.NUMBER
        return self.NOT_TICKED if isinstance(field, forms.MultipleChoiceField) else self.EMPTY


def choose_among(form: forms.Form, name: str, choices: Sequence[tuple[str, object]]) -> None:
    """What a field of the form offers, where only the page knows it."""
    cast(forms.ChoiceField, form.fields[name]).choices = choices
