"""Serves variants, and nothing but variants, from whatever storage they are in."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.core.files.storage import default_storage
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotFound,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.views.decorators.http import require_http_methods

from intake.signing import is_signed
from intake.zygote_result import TYPES

CHUNK_BYTES = 256 * 1024
_RANGE = re.compile(r"bytes=([0-9]*)-([0-9]*)$")
_DIGITS = 18  # more are more than any file has, and slow to read


@require_http_methods(["GET", "HEAD", "OPTIONS"])
def serve_variant(request: HttpRequest, name: str) -> HttpResponseBase:
    """200, 206 or 416 for a signed address on the media's own origin, or 302 to the storage itself; 404 for all else."""
    if request.method == "OPTIONS":
        return _may_be_read_in_part()
    signed = is_signed(name, request.GET.get("e", ""), request.GET.get("s", ""))
    if not signed or not _on_media_origin(request):
        return HttpResponseNotFound("There is nothing here.", content_type="text/plain")
    content_type, ends = TYPES[PurePosixPath(name).suffix], int(request.GET["e"])
    if hasattr(default_storage, "signed_url"):  # the bytes come from the bucket: no thread of ours waits for it
        return _harden(HttpResponseRedirect(default_storage.signed_url(name, content_type, ends)), ends)
    try:
        file = default_storage.open(name)
        size_bytes = file.size
    except (FileNotFoundError, SuspiciousOperation):
        return HttpResponseNotFound("There is nothing here.", content_type="text/plain")
    return _harden(_answer(request, file, size_bytes, content_type), ends)


def _may_be_read_in_part() -> HttpResponse:
    """To a browser that asks first whether the app may name a range; the same for every address, there or not."""
    allowed = {"Methods": "GET", "Headers": "Range", "Origin": settings.PUBLIC_URL}
    headers = {f"Access-Control-Allow-{what}": value for what, value in allowed.items()}
    return HttpResponse(status=204, headers={**headers, "Access-Control-Max-Age": "86400"})


def _on_media_origin(request: HttpRequest) -> bool:
    """False on the pages' own host, unless the one host is all that was given us."""
    host = urlsplit(settings.MEDIA_ORIGIN).netloc
    return host == urlsplit(settings.PUBLIC_URL).netloc or request.get_host() == host


def _answer(request: HttpRequest, file, size_bytes: int, content_type: str) -> HttpResponseBase:
    wanted = asked_range(request.headers.get("Range", ""), size_bytes)
    if wanted == ():
        file.close()
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size_bytes}"}, content_type=content_type)
    first, last = wanted or (0, size_bytes - 1)
    response = StreamingHttpResponse(_chunks(file, first, last - first + 1), content_type=content_type)
    response["Content-Length"] = last - first + 1
    if wanted:
        response.status_code = 206
        response["Content-Range"] = f"bytes {first}-{last}/{size_bytes}"
    return response


def asked_range(header: str, size_bytes: int) -> tuple[int, int] | tuple[()] | None:
    """First and last byte of a single range (RFC 9110, 14.2); () when it cannot be met, None when there is none."""
    found = _RANGE.match(header.replace(" ", ""))
    if not found or found.groups() == ("", ""):
        return None
    start, end = found.groups()
    if start == "":
        first, last = max(0, size_bytes - _number(end)), size_bytes - 1
    else:
        first, last = _number(start), min(_number(end or str(size_bytes)), size_bytes - 1)
    return (first, last) if first <= last else ()


def _number(digits: str) -> int:
    return int(digits[-_DIGITS:]) if len(digits.lstrip("0")) <= _DIGITS else 10**_DIGITS


def _chunks(file, first: int, count: int) -> Iterator[bytes]:
    with file:
        file.seek(first)
        while count > 0 and (chunk := file.read(min(CHUNK_BYTES, count))):
            count -= len(chunk)
            yield chunk


def _harden(response: HttpResponseBase, ends: int) -> HttpResponseBase:
    """Bytes only: no script, no frame, no guess at the type; the app's pages may read them, no other page."""
    response["Accept-Ranges"] = "bytes"
    response["Cache-Control"] = f"private, max-age={max(0, ends - int(time.time()))}, immutable"
    response["Content-Disposition"] = "inline"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'; frame-ancestors 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    response["Referrer-Policy"] = "no-referrer"
    response["Access-Control-Allow-Origin"] = settings.PUBLIC_URL
    response["Access-Control-Expose-Headers"] = "Content-Range, Content-Length, Accept-Ranges"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
