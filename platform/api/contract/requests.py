"""A body or a query: its fields, read together. A field that nobody reads is a mistake of the sender's, never dropped in silence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, ClassVar

from django.http import QueryDict
from rest_framework import serializers

from api.contract.fields import Text, Whole
from kernel.errors import DomainError


class Fields(serializers.Serializer):
    """Read with `of()`. One instance serves all requests: reading keeps nothing in it."""

    unknown: ClassVar[Any]  # (name, known) -> DomainError: what each kind says of a field that it does not read

    @classmethod
    def of(cls, sent: Any) -> dict[str, Any]:
        """The fields that were sent, and the defaults of those that were not; the first that is wrong is refused by its name."""
        sent = sent.dict() if isinstance(sent, QueryDict) else sent
        if not isinstance(sent, Mapping):
            raise DomainError("The body must be a JSON object.", field="body")
        reader = _reader(cls)  # type: ignore[arg-type]  # mypy takes a class for one of its instances, which have no hash
        if unknown := sent.keys() - reader.fields.keys():
            raise cls.unknown(min(map(str, unknown))[:60], ", ".join(sorted(reader.fields)))
        return reader.run_validation(sent) if reader.fields else {}

    @classmethod
    def needed(cls, read: Mapping[str, Any], name: str) -> Any:
        """A field that is needed only because another was not sent."""
        if name not in read:
            raise DomainError("{name} is missing.", field=name, said={"name": name})
        return read[name]


@cache
def _reader(kind: Callable[[], Fields]) -> Fields:
    return kind()


class Body(Fields):
    """A JSON object, or a form with the same fields."""

    @staticmethod
    def unknown(name: str, known: str) -> DomainError:
        if not known:
            return DomainError("{unknown} is not a field here: send no field.", field=name, said={"unknown": name})
        said = {"unknown": name, "choices": known}
        return DomainError("{unknown} is not a field here: send {choices}.", field=name, said=said)


class Nothing(Body):
    """An operation that takes no body takes no field."""


class Query(Fields):
    """What may stand behind the ? of an address. A filter that nobody reads would show too much, and look as if it had worked."""

    @staticmethod
    def unknown(name: str, known: str) -> DomainError:
        if not known:
            return DomainError(
                "{unknown} is no filter of this address: it takes none.", field=name, said={"unknown": name}
            )
        said = {"unknown": name, "choices": known}
        return DomainError("{unknown} is no filter of this address: it takes {choices}.", field=name, said=said)


class Pages(Query):
    """Of a list: `cursor` stands in the `next` of the page before."""

    cursor = Text(most=500, required=False)
    page_size = Whole(least=1, most=500, required=False)


class Before(Query):
    """Of a list that is read backwards: the number of the last one seen."""

    before = Whole(default=None)
