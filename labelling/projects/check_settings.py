"""What is wrong with the settings of a project, one sentence each; what may be set says the task type (task_types/settings.py)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings as server

from kernel.errors import DomainError
from kernel.texts import is_text
from labelling import task_types
from labelling.models import Answer, Gold, Project
from labelling.task_types.errors import BadSetting
from labelling.task_types.settings import Schema, is_words
from labelling.task_types.task_type import TaskType

_MOST = 1_000_000_000  # where a schema states no bound


def check_settings(kind: TaskType, config: Mapping[str, Any], at: str = "config") -> None:
    """at: the field in which they stand."""
    for name, schema in kind.settings.items():
        if name in config:
            check_value(f"{at}.{name}", config[name], schema)
        elif schema.get("minItems"):
            raise DomainError("{field} is missing.", field=f"{at}.{name}", said={"field": f"{at}.{name}"})
    try:
        kind.check_config(config)
    except BadSetting as bad:
        raise DomainError(bad.message, field=f"{at}.{bad.field}", said=bad.said) from bad


def check_fixed(project: Project, before: Mapping[str, Any]) -> None:
    """A setting by which answers are read together stays once there are answers, or known ones. Before: the config until now."""
    kind = task_types.get(project.task_type)
    changed = [
        name
        for name, schema in kind.settings.items()
        if schema.get("fixed") and project.config.get(name) != before.get(name, schema.get("default"))
    ]
    if not changed:
        return
    if Answer.objects.filter(project=project).exists() or Gold.objects.filter(project=project).exists():
        field = f"config.{changed[0]}"
        raise DomainError(
            "{field} cannot be changed any more, since it was answered: make a new project.",
            field=field,
            code="answered",
            said={"field": field},
        )


def check_value(field: str, value: Any, schema: Schema) -> None:
    if "enum" in schema:
        _check_choice(field, value, schema["enum"])
    elif is_words(schema):
        _check_words(field, value, schema["additionalProperties"]["maxLength"])
    elif (check := _CHECKS.get(schema.get("type", ""))) is not None:
        check(field, value, schema)


def _check_choice(field: str, value: Any, choices: list[Any]) -> None:
    if value not in choices or isinstance(value, bool) != isinstance(choices[0], bool):
        shown = ", ".join(map(str, choices))
        raise DomainError("{name} must be one of {choices}.", field=field, said={"name": field, "choices": shown})


def _check_words(field: str, value: Any, most: int) -> None:
    known = isinstance(value, dict) and set(value) <= {*server.PHONE_LANGUAGES}
    if not known or not all(is_text(text, most, least=0) for text in value.values()):
        raise DomainError(
            '{field} must map languages to words of up to {most} characters, for example {{"en": "Good"}}.',
            field=field,
            said={"field": field, "most": most},
        )


def _check_boolean(field: str, value: Any, schema: Schema) -> None:
    if not isinstance(value, bool):
        raise DomainError("{field} must be true or false.", field=field, said={"field": field})


def _check_number(field: str, value: Any, schema: Schema) -> None:
    least, most = schema.get("minimum", -_MOST), schema.get("maximum", _MOST)
    kinds = int if schema["type"] == "integer" else (int, float)
    if isinstance(value, bool) or not isinstance(value, kinds) or not least <= value <= most:
        if schema["type"] == "number":
            raise DomainError(
                "{field} must be a number from {least} to {most}.",
                field=field,
                said={"field": field, "least": least, "most": most},
            )
        raise DomainError(
            "{field} must be a whole number from {least} to {most}.",
            field=field,
            said={"field": field, "least": least, "most": most},
        )


def _check_string(field: str, value: Any, schema: Schema) -> None:
    least, most = schema.get("minLength", 0), schema.get("maxLength", 1000)
    if not is_text(value, most, least=least):
        raise DomainError(
            "{field} must be text of {least} to {most} characters.",
            field=field,
            said={"field": field, "least": least, "most": most},
        )


def _check_array(field: str, value: Any, schema: Schema) -> None:
    least, most = schema.get("minItems", 0), schema.get("maxItems", 1000)
    if not isinstance(value, list) or not least <= len(value) <= most:
        raise DomainError(
            "{field} must be a list of {least} to {most}.",
            field=field,
            said={"field": field, "least": least, "most": most},
        )
    for place, one in enumerate(value):
        check_value(f"{field}[{place}]", one, schema.get("items", {}))
    if schema.get("uniqueItems") and len({repr(one) for one in value}) < len(value):
        raise DomainError("{field} holds the same twice: leave one out.", field=field, said={"field": field})


def _check_object(field: str, value: Any, schema: Schema) -> None:
    known = schema.get("properties", {})
    names = ", ".join(known)
    if not isinstance(value, dict):
        raise DomainError(
            "{field} must be an object with {choices}.", field=field, said={"field": field, "choices": names}
        )
    strange, missing = (
        sorted(set(value) - set(known)),
        [name for name in schema.get("required", ()) if name not in value],
    )
    if strange or missing:
        where = f"{field}.{(strange or missing)[0]}"
        raise DomainError(
            "{where} is not known, or missing: {field} has {choices}.",
            field=where,
            said={"where": where, "field": field, "choices": names},
        )
    for name, one in value.items():
        check_value(f"{field}.{name}", one, known[name])


_CHECKS = {
    "boolean": _check_boolean,
    "integer": _check_number,
    "number": _check_number,
    "string": _check_string,
    "array": _check_array,
    "object": _check_object,
}
