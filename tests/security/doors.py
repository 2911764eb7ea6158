"""The doors of the house as the URLconf has them, and the table that says who may open which."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.urls import URLPattern, URLResolver, get_resolver

TABLE = Path(__file__).parent / "permissions.csv"
ROLES = (
    "anonymous", "worker", "requester", "manager", "viewer", "other", "absent", "reviewer", "admin",
    "token-work", "token-wallet", "token-projects",
    "token-label",
)  # fmt: skip
HTTP = ("GET", "POST", "PUT", "PATCH", "DELETE")
# Django's own admin is generated, page by page, from its models: it is checked as a whole in test_django_admin.
GENERATED = "admin"


@dataclass(frozen=True)
class Door:
    name: str
    parameters: tuple[str, ...]
    methods: tuple[str, ...]


def doors() -> Iterator[Door]:
    return _walk(get_resolver().url_patterns, "", ())


def _walk(patterns: list, space: str, outer: tuple[str, ...]) -> Iterator[Door]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            if pattern.namespace != GENERATED:
                yield from _walk(pattern.url_patterns, inner, outer + _parameters(pattern))
        else:
            name = space + (pattern.name or str(pattern.pattern))
            yield Door(name, outer + _parameters(pattern), _methods(pattern.callback))


def _parameters(pattern: URLPattern | URLResolver) -> tuple[str, ...]:
    return tuple(pattern.pattern.converters) or tuple(re.findall(r"\(\?P<(\w+)>", str(pattern.pattern)))


def _methods(view) -> tuple[str, ...]:
    """What the view answers: our pages say so, classes by their methods; for anything else GET stands for all."""
    if hasattr(view, "allowed_methods"):
        return tuple(method for method in view.allowed_methods if method in HTTP)
    cls = getattr(view, "cls", None) or getattr(view, "view_class", None)
    if cls is None or cls.__module__.startswith("allauth"):
        return ("GET",)
    return tuple(method for method in HTTP if hasattr(cls, method.lower()))


def table() -> list[dict[str, str]]:
    with TABLE.open(newline="") as file:
        return list(csv.DictReader(file))
