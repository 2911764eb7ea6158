"""What every view of the API does before its own work."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict
from django.utils.functional import cached_property
from rest_framework import views
from rest_framework.response import Response

from api.contract.operation import Takes
from api.contract.requests import Nothing
from api.pagination import CursorPagination


class APIView(views.APIView):
    """Its methods say with `@operation` what they take: `self.query` and `self.body` hold that, and nothing else gets by."""

    def initial(self, request, *args, **kwargs) -> None:
        super().initial(request, *args, **kwargs)
        self.takes: Takes = getattr(getattr(self, request.method.lower(), None), "takes", Takes())
        self.query: dict[str, Any] = self.takes.query.of(request.query_params)
        if self.takes.body is Nothing and request.method not in ("GET", "HEAD", "OPTIONS"):
            Nothing.of(request.data)

    @cached_property
    def body(self) -> dict[str, Any]:
        """The fields of the request; read when they are asked for, after the door has been opened."""
        sent, takes = self.request.data, self.takes
        return (takes.form if takes.form and isinstance(sent, QueryDict) else takes.body).of(sent)


class ListView(APIView):
    """A list with cursor pages."""

    def page(self, request, rows, show, ordering: tuple[str, ...] = ("-id",)) -> Response:
        pages = CursorPagination()
        pages.ordering = ordering  # type: ignore[assignment]  # Django REST framework takes a tuple, too
        found = pages.paginate_queryset(rows, request, view=self)
        return pages.get_paginated_response([show(row) for row in found])
