"""The Content-Security-Policy of each answer."""

from __future__ import annotations

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from django.http import HttpRequest, HttpResponseBase

ADMIN = "/admin/"
OF_DATA = "default-src 'none'; frame-ancestors 'none'"


class Policy(CSPMiddleware):
    """What a view says itself stands. JSON shows nothing and needs nothing. Pages have the policy of the settings.

    The raw tables' theme (django-unfold) is built on Alpine, which compiles its expressions: there, and only there, a script of ours may
    call Function(). Inline scripts stay forbidden there too. See docs/decisions/admin-policy.md.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if HEADER in response:
            return response
        if response.get("Content-Type", "").startswith("application/json"):
            response[HEADER] = OF_DATA
            return response
        if request.path.startswith(ADMIN):
            response._csp_update = {"script-src": ["'unsafe-eval'"]}  # type: ignore[attr-defined]  # django-csp's
        return super().process_response(request, response)
