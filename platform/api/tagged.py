"""Replies that a phone asks for again and again: with an ETag, so that what has not changed is not sent (RFC 9110, 13.1.2)."""

from __future__ import annotations

import hashlib
import json

from django.utils.http import parse_etags
from rest_framework.request import Request
from rest_framework.response import Response

UNCHANGED = {304: None}  # what an operation that tags its answers says of itself


def tagged(request: Request, body: dict) -> Response:
    """200 with the body and its tag, or 304 where the tag is among those in If-None-Match."""
    tag = f'"{hashlib.sha256(json.dumps(body).encode()).hexdigest()[:32]}"'
    known = parse_etags(request.headers.get("If-None-Match", ""))
    same = "*" in known or tag in (one.removeprefix("W/") for one in known)
    return Response(None if same else body, status=304 if same else 200, headers={"ETag": tag})
