"""Web push: a message sealed for one phone (RFC 8291, aes128gcm of RFC 8188), and the server's word for who sends it (VAPID, RFC 8292)."""

from __future__ import annotations

import base64
import json
import os
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

CURVE = ec.SECP256R1()
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
RECORD_BYTES = 4096
WORD_LASTS_S = 12 * 3600  # of VAPID: at most a day


def b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def raw_public(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def point(text: str) -> ec.EllipticCurvePublicKey:
    """A phone's public key; ValueError where it is none."""
    return ec.EllipticCurvePublicKey.from_encoded_point(CURVE, unb64(text))


def server_key() -> ec.EllipticCurvePrivateKey:
    """The operator's, or one that follows from SECRET_KEY: phones that subscribed by it know no other."""
    if settings.VAPID_PRIVATE_KEY:
        return ec.derive_private_key(int.from_bytes(unb64(settings.VAPID_PRIVATE_KEY)), CURVE)
    seed = _derived(settings.SECRET_KEY.encode(), b"", b"ilima web push", 48)
    return ec.derive_private_key(int.from_bytes(seed) % (_ORDER - 1) + 1, CURVE)


def public_key() -> str:
    """As a browser wants it: applicationServerKey."""
    return b64(raw_public(server_key().public_key()))


def _derived(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt, info).derive(secret)


def sealed(
    text: bytes, p256dh: str, auth: str, key: ec.EllipticCurvePrivateKey | None = None, salt: bytes | None = None
) -> bytes:
    """Only the phone reads it. key and salt: of this message alone, random unless a test names them."""
    key, salt = key or ec.generate_private_key(CURVE), salt or os.urandom(16)
    theirs, ours = point(p256dh), raw_public(key.public_key())
    shared = key.exchange(ec.ECDH(), theirs)
    secret = _derived(shared, unb64(auth), b"WebPush: info\0" + raw_public(theirs) + ours, 32)
    content_key = _derived(secret, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derived(secret, salt, b"Content-Encoding: nonce\0", 12)
    head = salt + RECORD_BYTES.to_bytes(4) + bytes([len(ours)]) + ours
    return head + AESGCM(content_key).encrypt(nonce, text + b"\x02", None)


def word_of_ours(endpoint: str, now_s: float) -> str:
    """The Authorization header: for this push service alone, and for hours."""
    place = urlsplit(endpoint)
    contact = settings.PUBLIC_URL if settings.PUBLIC_URL.startswith("https://") else "mailto:ilima@localhost"
    says = {"aud": f"{place.scheme}://{place.netloc}", "exp": int(now_s) + WORD_LASTS_S, "sub": contact}
    key = server_key()
    signed = f"{_part({'typ': 'JWT', 'alg': 'ES256'})}.{_part(says)}"
    r, s = decode_dss_signature(key.sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
    return f"vapid t={signed}.{b64(r.to_bytes(32) + s.to_bytes(32))}, k={b64(raw_public(key.public_key()))}"


def _part(value: dict) -> str:
    return b64(json.dumps(value, separators=(",", ":")).encode())
