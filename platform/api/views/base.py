"""What every view of the API does before its own work."""

from __future__ import annotations

from typing import ClassVar

from rest_framework import views
from rest_framework.response import Response

from api.pagination import CursorPagination
from kernel.refusals import Refusal

PAGES = frozenset({"cursor", "page_size"})


class APIView(views.APIView):
    """`query`: what may stand behind the ? of its address. A filter that nobody reads would show too much, and look as if it had worked."""

    query: ClassVar[frozenset[str]] = frozenset()

    def initial(self, request, *args, **kwargs) -> None:
        super().initial(request, *args, **kwargs)
        if unknown := sorted(set(request.query_params) - self.query):
            known = f"it takes {', '.join(sorted(self.query))}" if self.query else "it takes none"
            raise Refusal(
                "{unknown} is no filter of this address: {known}.",
                field=unknown[0][:60],
                said={"unknown": unknown[0][:60], "known": known},
            )


class ListView(APIView):
    """A list with cursor pages."""

    query = PAGES

    def page(self, request, rows, show, ordering: tuple[str, ...] = ("-id",)) -> Response:
        pages = CursorPagination()
        pages.ordering = ordering
        found = pages.paginate_queryset(rows, request, view=self)
        return pages.get_paginated_response([show(row) for row in found])
