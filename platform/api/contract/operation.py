"""`@operation`: what an operation takes and answers, declared once on its method."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from drf_spectacular.utils import extend_schema

from api.contract.requests import Body, Nothing, Query


@dataclass(frozen=True)
class Takes:
    """What a method reads: checked by api.views.base before and while it runs."""

    operation: str = ""
    body: type[Body] = Nothing
    query: type[Query] = Query
    form: type[Body] | None = None  # the same as multipart, where its fields are others


def operation(
    name: str,
    *,
    answers: Any = None,
    status: int = 200,
    body: type[Body] | None = None,
    query: type[Query] = Query,
    also: Mapping[Any, Any] | None = None,
    form: type[Body] | None = None,
) -> Callable[[Callable], Callable]:
    """`answers` with `status` when all went well, or what `also` names; `form`: the same body as multipart, with its files."""
    media = {"multipart/form-data": form, "application/json": body}
    sent = {kind: shape for kind, shape in media.items() if shape} if form else body
    responses = {status: answers} if answers or not also else {}
    filters = [query] if query._declared_fields else []
    declared = extend_schema(
        operation_id=name, request=sent, responses=responses | dict(also or {}), parameters=filters
    )

    def declare(method: Callable) -> Callable:
        method = declared(method)
        method.takes = Takes(name, body or form or Nothing, query, form)  # type: ignore[attr-defined]
        return method

    return declare
