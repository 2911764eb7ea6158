"""A certificate's text read again, as the phone reads it (worker_app/src/verify/certificate.ts)."""

import zlib
from base64 import urlsafe_b64decode
from typing import Any

import orjson


def unpacked(text: str) -> Any:
    return orjson.loads(zlib.decompress(urlsafe_b64decode(text + "=" * (-len(text) % 4)), -zlib.MAX_WBITS))
