"""The phone app's built files under /app/: the page for any path, hashed assets cached for ever."""

from __future__ import annotations

import mimetypes
from pathlib import Path

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest
from django.middleware.csrf import get_token
from django.utils._os import safe_join
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

YEAR_S, WEEK_S = 31_536_000, 604_800
# Assets are named by what is in them. The icon is asked for with every page that she opens.
KEPT = {"assets": f"public, max-age={YEAR_S}, immutable", "icons": f"public, max-age={WEEK_S}"}
PAGE = "index.html"


@require_safe
@gzip_page  # her data are dear; nothing secret is in these files, so BREACH finds nothing
def serve(request: HttpRequest, path: str) -> FileResponse:
    file = _file(path)
    kind, _ = mimetypes.guess_type(file.name)
    if file.name == PAGE and settings.CSRF_COOKIE_NAME not in request.COOKIES:
        get_token(request)  # sets the cookie; a late file must not set the one from before the sign-in again
    response = FileResponse(file.open("rb"), content_type=kind or "application/octet-stream")
    response["Cache-Control"] = KEPT.get(file.parent.name, "no-cache")
    return response


def _file(path: str) -> Path:
    """The file asked for, or the app's page: the app's own addresses are resolved on the phone."""
    root = Path(settings.PHONE_APP_DIR)
    wanted = Path(safe_join(root, path)) if path else root
    if wanted.is_file():
        return wanted
    page = root / PAGE
    if "." in path.rsplit("/", 1)[-1] or not page.is_file():
        raise Http404("There is no such file.")
    return page
