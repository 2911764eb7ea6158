"""The settings of a task type: JSON Schema of each key of Project.config, with a few words of ours for the form that asks for them.

Of JSON Schema: enum; boolean; integer and number (minimum, maximum); string (minLength, maxLength); array (minItems, maxItems,
uniqueItems, items); object (properties, required), or words by language. Ours:

titles, help   what the form calls it, and says of it, by language
names          of the values of an enum, by language
only           values of an enum that only items of these media can have: {"grid": ["image"]}
default        what a project has that says nothing else; it is written into the project
fixed          true where answers given under another value could not be decided together: it cannot change once there are any
page           true where it is written on a page of its own
typed          true where the type reads and writes it as a text (`read_<key>(text)` and `write_<key>(value)` in its settings.py)
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Schema = Mapping[str, Any]
OURS = ("titles", "help", "names", "only", "default", "fixed", "page", "typed")
OWN_FIELDS = ("labels", "language")  # asked for by fields of their own


def words(most: int) -> dict[str, Any]:
    """A few words in each language: {"en": "Poor", "zu": "Kubi"}."""
    return {"type": "object", "additionalProperties": {"type": "string", "maxLength": most}}


def is_words(schema: Schema) -> bool:
    return schema.get("type") == "object" and isinstance(schema.get("additionalProperties"), dict)


def completed(settings: Mapping[str, Schema], config: Mapping[str, Any]) -> dict[str, Any]:
    """The config with the default of whatever it does not say."""
    kept = {name: schema["default"] for name, schema in settings.items() if "default" in schema and name not in config}
    return {**config, **kept}


def plain(schema: Any) -> Any:
    """Without our own words: for programs."""
    if isinstance(schema, list):
        return [plain(one) for one in schema]
    if not isinstance(schema, Mapping):
        return schema
    inner = {key: plain(one) for key, one in schema.items() if key not in OURS}
    return {**inner, "properties": _plain_each(schema["properties"])} if "properties" in schema else inner


def _plain_each(properties: Mapping[str, Schema]) -> dict[str, Any]:
    return {name: plain(schema) for name, schema in properties.items()}


def said(texts: Mapping[str, str], language: str) -> str:
    """In the language, or else in English, or in whichever there is."""
    return texts.get(language) or texts.get("en") or next(iter(texts.values()), "")
