"""What every answer carries, and which host serves what."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound, JsonResponse

MEDIA = "/media/"
FOR_PROGRAMS = ("/api/", "/_allauth/")
IN_CLEAR = "Ask by https: what came just now, a token perhaps, went over the network in clear. Make a new one."
# Nothing here looks, listens or asks where she is; passkeys are our own pages' only.
PERMISSIONS = ", ".join(
    [
        *(f"{name}=()" for name in ("camera", "microphone", "geolocation", "payment", "usb", "serial", "midi", "display-capture")),
        *(f"{name}=(self)" for name in ("publickey-credentials-get", "publickey-credentials-create")),
    ]
)  # fmt: skip


def guard(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware. What a view did not call cacheable is kept nowhere: a phone is shared, and a proxy may be anybody's."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if settings.MEDIA_HOST_IS_ITS_OWN and _on_the_wrong_host(request):
            return HttpResponseNotFound("There is nothing here.", content_type="text/plain")
        response = _refuse_in_clear(request) or get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        return response

    return middleware


def _refuse_in_clear(request: HttpRequest) -> HttpResponse | None:
    """A browser is sent on to https; a program that was would go on sending its token in clear."""
    if not settings.SECURE_SSL_REDIRECT or request.is_secure() or not request.path.startswith(FOR_PROGRAMS):
        return None
    return JsonResponse({"error": {"code": "https_only", "field": "", "message": IN_CLEAR}}, status=403)


def _on_the_wrong_host(request: HttpRequest) -> bool:
    """Pages at the media's host: a file there must find neither cookies nor forms."""
    media, pages = (urlsplit(url).netloc for url in (settings.MEDIA_ORIGIN, settings.PUBLIC_URL))
    return media != pages and request.get_host() == media and not request.path.startswith(MEDIA)
