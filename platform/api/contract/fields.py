"""The kinds of value a request is made of. Each reads strictly, says in one sentence what it takes, and documents itself."""

from __future__ import annotations

import uuid
from abc import ABC, abstractmethod
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from rest_framework import serializers
from rest_framework.fields import empty

from kernel.errors import DomainError
from kernel.texts import is_text

MAX_ID = 2**63 - 1


class _OneSentence(serializers.Field, ABC):
    """Whatever is wrong with the value, the sentence names the field and what it takes."""

    def __init__(self, **options):
        options.setdefault("allow_null", options.get("default", empty) is None)
        super().__init__(**options)

    @abstractmethod
    def wrong(self, name: str) -> DomainError:
        """What is said of a value that is none of this kind."""

    def fail(self, key: str, **_) -> None:
        name = self.field_name or ""
        if key == "required":
            raise DomainError("{name} is missing.", field=name, said={"name": name})
        raise self.wrong(name)


class Whole(_OneSentence, serializers.IntegerField):
    """A whole number; its digits as text are taken, too, for that is how a form and a query send it."""

    def __init__(self, least: int = 0, most: int = MAX_ID, **options):
        super().__init__(min_value=least, max_value=most, **options)

    def wrong(self, name: str) -> DomainError:
        said = {"name": name, "least": self.min_value, "most": self.max_value}
        return DomainError("{name} must be a whole number from {least} to {most}.", field=name, said=said)

    def to_internal_value(self, data: Any) -> int:
        text = str(data)
        if isinstance(data, bool | float) or not _is_number(text):
            self.fail("invalid")
        if not self.min_value <= int(text) <= self.max_value:
            self.fail("invalid")
        return int(text)


def _is_number(text: str) -> bool:
    """Digits, and no more of them than any number of ours has."""
    return text.isascii() and text.isdigit() and len(text) <= len(str(MAX_ID))


class Text(_OneSentence, serializers.CharField):
    def __init__(self, most: int = 500, **options):
        options.setdefault("allow_blank", options.get("default") == "")
        super().__init__(min_length=None if options["allow_blank"] else 1, max_length=most, **options)

    def wrong(self, name: str) -> DomainError:
        said = {"name": name, "most": self.max_length}
        return DomainError("{name} must be text of 1 to {most} characters.", field=name, said=said)

    def run_validation(self, data: Any = empty) -> Any:
        return serializers.Field.run_validation(self, data)  # CharField's own looks at str(data), whatever was sent

    def to_internal_value(self, data: Any) -> str:
        if data == "" and self.allow_blank:
            return ""
        if not is_text(data, self.max_length):
            self.fail("invalid")
        return data.strip()


class Uuid(_OneSentence, serializers.UUIDField):
    def wrong(self, name: str) -> DomainError:
        return DomainError("{name} must be a UUID.", field=name, said={"name": name})

    def to_internal_value(self, data: Any) -> uuid.UUID:
        try:
            return uuid.UUID(str(data))
        except ValueError as bad:
            raise self.wrong(self.field_name or "") from bad


class YesNo(_OneSentence, serializers.BooleanField):
    def wrong(self, name: str) -> DomainError:
        return DomainError("{name} must be true or false.", field=name, said={"name": name})

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid")
        return data


class OneOf(_OneSentence, serializers.ChoiceField):
    """One of a few words."""

    def wrong(self, name: str) -> DomainError:
        said = {"name": name, "choices": ", ".join(map(str, self.choices))}
        return DomainError("{name} must be one of {choices}.", field=name, said=said)


class Moment(_OneSentence, serializers.DateTimeField):
    def wrong(self, name: str) -> DomainError:
        return DomainError(
            "{name} must be a time with its zone, for example 2030-01-31T12:00:00Z.", field=name, said={"name": name}
        )

    def to_internal_value(self, data: Any) -> datetime:
        try:
            moment = parse_datetime(data) if isinstance(data, str) and len(data) <= 40 else None
        except ValueError:
            moment = None
        if moment is None or moment.tzinfo is None:
            raise self.wrong(self.field_name or "")
        return moment


class Checked(serializers.Field):
    """A value that the verb reads and refuses by itself, in its own words, also when it is missing: only its shape is declared here."""

    def __init__(self, shape: Any = Any, **options):
        self.shape = shape
        if "default" not in options:
            options.setdefault("required", False)
        super().__init__(**options)

    def validate_empty_values(self, data: Any) -> tuple[bool, Any]:
        absent = data is None or (data is empty and self.required)
        return (True, None) if absent else super().validate_empty_values(data)

    def to_internal_value(self, data: Any) -> Any:
        return data
