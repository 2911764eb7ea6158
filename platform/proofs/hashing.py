"""The two hash functions of the proofs: SHA-256 for documents, Keccak-256 where a contract must compute it too."""

import hashlib

from eth_hash.auto import keccak as _keccak


def sha256_hex(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def keccak256(data: bytes) -> bytes:
    """Keccak-256 as in Ethereum (not SHA3-256, whose padding differs)."""
    return _keccak(data)
