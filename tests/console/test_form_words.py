"""What a form of the console asks and refuses is said in per cent and money, never in the units that programs use."""

import importlib
import pkgutil
import re

import pytest
from django import forms

import console
from console.forms import PercentField, in_the_forms_words
from console.promise_forms import LabelPromiseForm

UNITS = re.compile(r"ppm|bps|micro|millionth|basis point|_", re.IGNORECASE)


def every_form() -> list[type[forms.BaseForm]]:
    for module in pkgutil.walk_packages(console.__path__, "console."):
        if "form" in module.name or ".views." in module.name:
            importlib.import_module(module.name)
    found, left = [], [forms.Form]
    while left:
        left += (made := left.pop().__subclasses__())
        found += [one for one in made if one.__module__.startswith("console.")]
    return found


def test_no_label_help_or_refusal_of_a_form_speaks_of_parts_of_a_million():
    fields = [(form, name, field) for form in every_form() for name, field in form.base_fields.items()]
    assert len(fields) > 50
    for form, name, field in fields:
        for words in (field.label, field.help_text, *field.error_messages.values()):
            assert not UNITS.search(re.sub(r"%\(\w+\)[sd]", "", str(words or ""))), (form, name, str(words))


@pytest.mark.parametrize(("typed", "ppm"), [("5", 50_000), ("0,5", 5_000), ("0.25", 2_500)])
def test_a_share_is_read_as_people_write_it(typed, ppm):
    field = PercentField(least_ppm=1_000, most_ppm=500_000)
    assert (field.clean(typed), field.prepare_value(ppm)) == (ppm, typed.replace(",", "."))


def test_a_verbs_sentence_about_a_share_is_in_the_words_of_the_form():
    told = in_the_forms_words(LabelPromiseForm(), "reference_error_ppm must be below error_ppm: no sample shows less.")
    assert told == "“Who judges is wrong at most, %” must be below “Wrong at most, %”: no sample shows less."
