"""The form of a task type's settings: whatever a schema can say is asked for, typed, read back as it was, and refused with one sentence."""

from types import SimpleNamespace

import pytest
from django.http import QueryDict

from console.forms import refuse
from console.setting_fields import SettingsForm
from kernel.errors import DomainError
from labelling import task_types
from labelling.projects.check_settings import check_settings
from labelling.task_types.errors import BadSetting
from labelling.task_types.settings import OWN_FIELDS, completed, words

ROW = {
    "type": "object",
    "properties": {"name": {**words(20), "titles": {"en": "Name"}}, "to": {"type": "integer", "minimum": 0}, "on": {"type": "boolean"}},
    "required": ["name"],
}  # fmt: skip
SETTINGS = {
    "labels": {"type": "array"},
    "steps": {"type": "integer", "minimum": 3, "maximum": 7, "default": 5, "titles": {"en": "Steps", "zu": "Izinyathelo"}},
    "look": {"enum": ["stars", "faces"], "default": "stars", "names": {"stars": {"en": "Stars"}, "faces": {"en": "Faces"}}},
    "low": words(20),
    "half": {"type": "number", "minimum": 0, "maximum": 1},
    "told": {"type": "boolean", "default": False},
    "tags": {"type": "array", "maxItems": 3, "uniqueItems": True, "items": {"type": "string", "minLength": 1, "maxLength": 9}},
    "points": {"type": "array", "maxItems": 4, "items": ROW},
    "tree": {"typed": True, "type": "array", "items": {"type": "string"}},
    "graph": {"type": "object", "properties": {"edges": {"type": "array"}}},
}  # fmt: skip
WHOLE = {
    "steps": 7, "look": "faces", "low": {"en": "Poor", "zu": "Kubi"}, "half": 0.5, "told": True, "tags": ["a", "b"],
    "points": [{"name": {"en": "Nose"}, "to": 1, "on": True}, {"name": {"en": "Ear"}, "on": False}], "tree": ["x", "y"],
    "graph": {"edges": [1]},
}  # fmt: skip


def _check(config):
    if config.get("steps") == 4 and config.get("look") == "faces":
        raise BadSetting("steps: there are no {n} faces.", "steps", n=4)


def _read(text):
    if "!" in text:
        raise BadSetting("{name} is no name.", "tree", name="!")
    return text.split("/")


@pytest.fixture
def kind(monkeypatch):
    """A type that has a setting of every kind."""
    part = SimpleNamespace(check=_check, read_tree=_read, write_tree="/".join)
    made = SimpleNamespace(settings=SETTINGS, settings_part=part, check_config=_check)
    monkeypatch.setattr(task_types, "get", lambda name: made)
    return made


class Asked(SettingsForm):
    def __init__(self, *args, config, **kwargs):
        super().__init__(*args, **kwargs)
        self.add_settings("any", config)


def typed(form: Asked) -> QueryDict:
    """What a browser sends of a form as it stands: every named control, with its value."""
    import re

    sent = QueryDict(mutable=True)
    page = "".join(str(field) for field in form.setting_fields)
    for tag in re.findall(r"<input[^>]*>", page):
        name, value = re.search(r'name="([^"]*)"', tag)[1], re.search(r'value="([^"]*)"', tag)
        if 'type="checkbox"' not in tag or "checked" in tag:
            sent[name] = value[1] if value else "on"
    for name, text in re.findall(r'<textarea name="([^"]*)"[^>]*>\n?(.*?)</textarea>', page, re.S):
        sent[name] = text.replace("&quot;", '"')
    for name, options in re.findall(r'<select name="([^"]*)"[^>]*>(.*?)</select>', page, re.S):
        chosen = re.search(r'value="([^"]*)" selected', options)
        sent[name] = chosen[1] if chosen else ""
    return sent


def test_every_setting_of_every_type_is_called_something_in_both_languages():
    for one in task_types.every():
        for name, schema in one.settings.items():
            if name not in OWN_FIELDS and not schema.get("page"):
                assert {"en", "zu"} <= schema["titles"].keys(), (one.name, name)
                for told in [schema.get("help"), *schema.get("names", {}).values()]:
                    assert told is None or {"en", "zu"} <= told.keys(), (one.name, name)
                if "enum" in schema:
                    assert set(map(str, schema["enum"])) == set(schema["names"]), (one.name, name)


def test_what_is_set_is_shown_and_sent_as_it_was(kind):
    form = Asked(config=WHOLE)
    assert [field.label for field in form.setting_fields][:2] == ["Steps", "look"]
    again = Asked(typed(form), config=WHOLE)
    assert again.is_valid(), again.errors
    assert again.said_settings() == WHOLE
    check_settings(kind, WHOLE)


def test_what_nobody_named_is_the_default_and_what_was_not_sent_stays(kind):
    assert completed(SETTINGS, {"look": "faces"}) == {"look": "faces", "steps": 5, "told": False}
    form = Asked(QueryDict("told=on"), config=WHOLE)
    assert form.is_valid()
    assert {**form.said_settings(), "told": True} == WHOLE


@pytest.mark.parametrize(
    ("name", "value", "field", "sentence"),
    [
        ("steps", 8, "steps", "config.steps must be a whole number from 3 to 7."),
        ("steps", True, "steps", "config.steps must be a whole number from 3 to 7."),
        ("half", "much", "half", "config.half must be a number from 0 to 1."),
        ("look", "hearts", "look", "config.look must be one of stars, faces."),
        ("told", 1, "told", "config.told must be true or false."),
        ("low", {"tlh": "x"}, "low", "config.low must map languages to words of up to 20 characters"),
        ("low", {"en": "x" * 21}, "low", "config.low must map languages to words of up to 20 characters"),
        ("tags", ["a", "a"], "tags", "config.tags holds the same twice: leave one out."),
        ("tags", ["a", ""], "tags[1]", "config.tags[1] must be text of 1 to 9 characters."),
        ("tags", list("abcd"), "tags", "config.tags must be a list of 0 to 3."),
        ("points", [{"to": 1}], "points[0].name", "config.points[0].name is not known, or missing"),
        ("points", [{"name": {}, "hat": 1}], "points[0].hat", "config.points[0].hat is not known, or missing"),
        ("points", ["x"], "points[0]", "config.points[0] must be an object with name, to, on."),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence_that_names_it(kind, name, value, field, sentence):
    with pytest.raises(DomainError) as refused:
        check_settings(kind, {**WHOLE, name: value})
    assert refused.value.field == f"config.{field}"
    assert str(refused.value).startswith(sentence)
    form = Asked(typed(Asked(config=WHOLE)), config=WHOLE)
    form.is_valid()
    refuse(form, refused.value)
    assert f"config.{name}" in form.errors


def test_settings_that_do_not_go_together_are_refused_too(kind):
    with pytest.raises(DomainError, match="there are no 4 faces") as refused:
        check_settings(kind, {"steps": 4, "look": "faces"})
    assert refused.value.field == "config.steps"


def test_what_the_type_cannot_read_is_said_at_its_field(kind):
    sent = typed(Asked(config=WHOLE))
    sent["config.tree"] = "a/!"
    form = Asked(sent, config=WHOLE)
    assert not form.is_valid()
    assert form.errors["config.tree"] == ["! is no name."]
