"""Where the Content-Security-Policy differs by page."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

ADMIN = "/admin/"


def admin_policy(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """The raw tables' theme (django-unfold) is built on Alpine, which compiles its expressions: there, and only there, a
    script of ours may call Function(). Inline scripts stay forbidden there too. See docs/decisions/admin-policy.md."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.path.startswith(ADMIN):
            response._csp_update = {"script-src": ["'unsafe-eval'"]}  # type: ignore[attr-defined]  # django-csp's
        return response

    return middleware
