"""The form of a task type's settings, made from their JSON Schema (labelling/task_types/settings.py): one field each, `config.<key>`.

A choice, a tick, a number and a line are the fields that everybody knows; words by language are a line each; a list of texts is one a
line; a list of objects is a row of cells each; whatever else there is, the type reads from a text, or it is JSON.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.conf import settings as server
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from console.base_form import Form
from labelling import task_types
from labelling.task_types.errors import BadSetting
from labelling.task_types.settings import OWN_FIELDS, Schema, is_words, said
from labelling.task_types.task_type import TaskType

NEW_ROWS = 3
MAX_ROWS = 200
_SCALARS = {"integer", "number", "string", "boolean"}


class SettingsForm(Form):
    """For a form whose `task_type` is known: `setting_fields` are its fields of this kind, in order."""

    def add_settings(self, task_type: str, config: Mapping[str, Any]) -> None:
        self.kind = task_types.get(task_type)
        self.setting_names = []
        for name, schema in self.kind.settings.items():
            if name not in OWN_FIELDS and not schema.get("page"):
                field = field_of(self.kind, name, schema)
                field.error_messages |= self._sentences_for(field)
                self.fields[f"config.{name}"] = field
                self.initial.setdefault(f"config.{name}", config.get(name, schema.get("default")))
                self.setting_names.append(name)

    @property
    def setting_fields(self) -> list[forms.BoundField]:
        return [self[f"config.{name}"] for name in self.setting_names]

    def said_settings(self) -> dict[str, Any]:
        """What was set; a line that was left empty sets nothing, and a field that was not sent changes nothing."""
        given = {name: self._said_setting(f"config.{name}") for name in self.setting_names}
        return {name: value for name, value in given.items() if value not in (None, "", [], {})}

    def _said_setting(self, key: str) -> Any:
        omitted = self.fields[key].widget.value_omitted_from_data(self.data, self.files, self.add_prefix(key))
        return self.initial[key] if omitted else self.cleaned_data.get(key)


def _words_of(texts: Mapping[str, str] | None) -> str:
    return said(texts or {}, get_language() or "en")


def field_of(kind: TaskType, name: str, schema: Schema) -> forms.Field:
    field = _field(kind, name, schema)
    field.label = _words_of(schema.get("titles")) or name
    field.help_text = _words_of(schema.get("help"))
    field.required = False
    return field


def _field(kind: TaskType, name: str, schema: Schema) -> forms.Field:
    if schema.get("typed"):
        return TypedField(kind, name)
    if is_words(schema):
        return CellsField(widget=WordsWidget(schema["additionalProperties"]["maxLength"]))
    if schema.get("type") == "array":
        items = schema.get("items", {})
        if items.get("type") == "string" and "enum" not in items:
            return LinesField()
        if _is_row(items):
            return CellsField(widget=RowsWidget(items))
    if "enum" in schema or schema.get("type") in _SCALARS:
        return _plain_field(schema)
    return forms.JSONField(widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}))


def _is_row(items: Schema) -> bool:
    cells = items.get("properties", {}).values()
    return bool(cells) and all("enum" in one or is_words(one) or one.get("type") in _SCALARS for one in cells)


def _plain_field(schema: Schema) -> forms.Field:
    if "enum" in schema:
        choices = [*([] if "default" in schema else [("", "–")]), *_choices(schema)]
        return forms.TypedChoiceField(choices=choices, coerce=lambda text: _value_of(schema, text), empty_value=None)
    if schema["type"] == "boolean":
        return forms.BooleanField()
    if schema["type"] in ("integer", "number"):
        field = forms.IntegerField if schema["type"] == "integer" else NumberField
        return field(min_value=schema.get("minimum"), max_value=schema.get("maximum"))
    return forms.CharField(max_length=schema.get("maxLength"))


def _choices(schema: Schema) -> list[tuple[str, str]]:
    names = schema.get("names", {})
    return [(str(one), _words_of(names.get(str(one))) or str(one)) for one in schema["enum"]]


def _value_of(schema: Schema, text: str) -> Any:
    return next(one for one in schema["enum"] if str(one) == text)


# --- what is no plain field ------------------------------------------------------------------------------------------
class NumberField(forms.FloatField):
    """5 stays 5: the settings are hashed."""

    def to_python(self, value: Any) -> float | int | None:  # type: ignore[override]
        number = super().to_python(value)
        return int(number) if number is not None and number.is_integer() else number


class LinesField(forms.CharField):
    """A list of texts, one a line."""

    def __init__(self) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": 5}))

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]
        return [line.strip() for line in str(value or "").splitlines() if line.strip()]


class TypedField(forms.CharField):
    """A value that its type reads from a text."""

    def __init__(self, kind: TaskType, name: str) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false"}), strip=False)
        self.read: Callable[[str], Any] = getattr(kind.settings_part, f"read_{name}")
        self.write: Callable[[Any], str] = getattr(kind.settings_part, f"write_{name}")

    def prepare_value(self, value: Any) -> Any:
        return self.write(value) if value is not None and not isinstance(value, str) else value

    def to_python(self, value: Any) -> Any:
        try:
            return self.read(str(value or ""))
        except BadSetting as bad:
            raise forms.ValidationError(_(bad.message).format(**bad.said)) from bad


class CellsField(forms.Field):
    """What its widget has read is the value."""


# --- widgets of several inputs -----------------------------------------------------------------------------------------
class WordsWidget(forms.Widget):
    """A line for each language of the platform."""

    use_fieldset = True

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> dict[str, str]:
        return read_words(data, name)

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return not any(f"{name}:{language}" in data for language in server.PHONE_LANGUAGES)

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        return format_html('<div class="pair">{}</div>', _words_cells(name, "", value or {}, self.most))


class RowsWidget(forms.Widget):
    """A row of cells for each object, and some that are empty; a row all of whose cells are empty is none."""

    use_fieldset = True

    def __init__(self, items: Schema) -> None:
        super().__init__()
        self.cells: Mapping[str, Schema] = items["properties"]

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> list[dict[str, Any]]:
        rows = [self._row(data, f"{name}:{n}") for n in range(MAX_ROWS) if f"{name}:{n}" in data]
        return [row for row in rows if any(one is not False for one in row.values())]

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return f"{name}:0" not in data

    def _row(self, data: Mapping[str, Any], name: str) -> dict[str, Any]:
        read = {key: read_cell(cell, data, f"{name}:{key}") for key, cell in self.cells.items()}
        return {key: value for key, value in read.items() if value not in (None, "", {})}

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        rows = [*(value or []), *({} for _one in range(NEW_ROWS))]
        drawn = ((self._drawn(f"{name}:{n}", row, n + 1),) for n, row in enumerate(rows))
        return format_html('<div class="label-rows">{}</div>', format_html_join("", "{}", drawn))

    def _drawn(self, name: str, row: Mapping[str, Any], number: int) -> SafeString:
        cells = ((cell_input(f"{name}:{key}", cell, row.get(key), key),) for key, cell in self.cells.items())
        return format_html(
            '<fieldset class="label-row"><legend class="visually-hidden">{}</legend><input type="hidden" name="{}" value="">{}</fieldset>',
            _("Row {number}").format(number=number),
            name,
            format_html_join("", "{}", cells),
        )


def read_words(data: Mapping[str, Any], name: str) -> dict[str, str]:
    typed = {language: str(data.get(f"{name}:{language}", "")).strip() for language in server.PHONE_LANGUAGES}
    return {language: text for language, text in typed.items() if text}


def read_cell(cell: Schema, data: Mapping[str, Any], name: str) -> Any:
    """What was typed; what is no number is left for the check to say."""
    if is_words(cell):
        return read_words(data, name)
    typed = str(data.get(name, "")).strip()
    if cell.get("type") == "boolean":
        return name in data
    if "enum" in cell:
        return next((one for one in cell["enum"] if str(one) == typed), typed)
    if cell.get("type") in ("integer", "number"):
        return _number(typed, cell["type"])
    return typed


def _number(typed: str, kind: str) -> Any:
    try:
        number = int(typed) if kind == "integer" else float(typed)
    except ValueError:
        return typed
    return int(number) if number == number // 1 else number


def cell_input(name: str, cell: Schema, value: Any, key: str) -> SafeString:
    title = _words_of(cell.get("titles")) or key
    if is_words(cell):
        return _words_cells(name, title, value or {}, cell["additionalProperties"]["maxLength"])
    if cell.get("type") == "boolean":
        ticked = SafeString("checked") if value else ""
        return format_html('<label class="check"><input type="checkbox" name="{}" {}> {}</label>', name, ticked, title)
    if "enum" in cell:
        chosen = (
            (one, SafeString("selected") if one == str(value) else "", word)
            for one, word in [("", ""), *_choices(cell)]
        )
        options = format_html_join("", '<option value="{}" {}>{}</option>', chosen)
        return format_html(
            '<label class="fate"><span>{}</span><select name="{}">{}</select></label>', title, name, options
        )
    mode = "decimal" if cell.get("type") in ("integer", "number") else "text"
    return _line(name, title, "" if value is None else str(value), cell.get("maxLength", 1000), mode)


def _words_cells(name: str, title: str, value: Mapping[str, str], most: int) -> SafeString:
    """In both languages of the console, and in whichever others it is said already."""
    spoken = {"en": _("In English"), "zu": _("In isiZulu")}
    lines = (
        (_line(f"{name}:{one}", f"{title} · {spoken.get(one, one)}".strip(" ·"), value.get(one, ""), most, "text"),)
        for one in dict.fromkeys([*spoken, *value])
    )
    return format_html_join("", "{}", lines)


def _line(name: str, title: str, value: str, most: int, mode: str) -> SafeString:
    return format_html(
        '<label class="name"><span>{}</span><input name="{}" value="{}" maxlength="{}" inputmode="{}"></label>',
        title, name, value, most, mode,
    )  # fmt: skip
