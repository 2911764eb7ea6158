"""A worker's certificate of skill: a document that anybody checks with the operator's public key, and the text of a QR code that holds it.

The text is base64url of the raw deflate (RFC 1951) of the canonical bytes of {"body", "signature"}: short enough for a code that a phone
reads, and nothing but the document, so that it is checked without asking anybody.
"""

import zlib
from base64 import urlsafe_b64encode
from collections.abc import Sequence

from proofs.canonical_json import canonical_bytes
from proofs.signatures import key_id, sign_receipt

CERTIFICATE_VERSION = "certificate-1"


def build_certificate(
    *, operator: str, holder: str, made_on: str, formula: str, kinds: Sequence[dict], exams: Sequence[dict]
) -> tuple[dict, str]:
    """Body and signature (hex). holder: her name, or her pseudonym where she did not want it to stand there; never both."""
    body = {
        "v": CERTIFICATE_VERSION,
        "operator": operator,
        "holder": holder,
        "made_on": made_on,
        "formula": formula,
        "kinds": list(kinds),
        "exams": list(exams),
        "key_id": key_id(),
    }
    return body, sign_receipt(body)


def packed(body: dict, signature: str) -> str:
    deflate = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    raw = deflate.compress(canonical_bytes({"body": body, "signature": signature})) + deflate.flush()
    return urlsafe_b64encode(raw).decode().rstrip("=")
