"""Ed25519 (RFC 8032) over canonical JSON.

The private key is 32 bytes of hex in RECEIPT_SIGNING_KEY, or handed over once by `use_signing_key`.
"""

import hashlib
import hmac
import os
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from proofs.canonical_json import canonical_bytes
from proofs.hashing import sha256_hex

KEY_VARIABLE = "RECEIPT_SIGNING_KEY"
_chosen: list[str] = []


def use_signing_key(seed: str) -> None:
    """Sign with this key (hex) from now on, in this process."""
    _chosen[:] = [seed]


def sign(data: bytes) -> str:
    """Signature of the bytes, 128 hex digits."""
    return _private_key(_seed()).sign(data).hex()


def sign_receipt(body: dict) -> str:
    """Signature of a document's canonical bytes; its field `v` says what kind of document it is."""
    return sign(canonical_bytes(body))


def verify_signature(body: dict, signature: str, public_key: str) -> bool:
    """Does this signature (hex) of this document come from this public key (hex)? Malformed input is False."""
    try:
        _public_key(public_key).verify(bytes.fromhex(signature), canonical_bytes(body))
    except (InvalidSignature, ValueError):
        return False
    return True


def public_key_hex() -> str:
    """The platform's public key, 64 hex digits."""
    return _public_key_of(_seed())


def key_id(public_key: str | None = None) -> str:
    """Short name of a public key: the first 16 hex digits of its SHA-256."""
    return sha256_hex(bytes.fromhex(public_key or public_key_hex()))[:16]


def derived_salt(purpose: str) -> str:
    """64 hex digits that only the owner of the signing key can make, the same each time."""
    return hmac.new(bytes.fromhex(_seed()), purpose.encode(), hashlib.sha256).hexdigest()


def _seed() -> str:
    seed = _chosen[0] if _chosen else os.environ.get(KEY_VARIABLE, "")
    if len(seed) != 64:
        raise ValueError(f"{KEY_VARIABLE} must be 64 hex digits (32 random bytes); set it before signing.")
    return seed


@lru_cache(maxsize=4)
def _private_key(seed: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(seed))


@lru_cache(maxsize=4)
def _public_key_of(seed: str) -> str:
    return _private_key(seed).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()


@lru_cache(maxsize=16)
def _public_key(public_key: str) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key))
