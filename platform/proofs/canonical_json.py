"""Canonical JSON: one value, one byte string (the subset of RFC 8785 without fractions).

Allowed: null, booleans, integers of at most 53 bits, Unicode strings, lists, objects with string keys.
Floats are refused: their text differs between languages, and what money hangs on is counted in integers.
"""

import json
from collections.abc import Mapping

import orjson

from proofs.hashing import sha256_hex

MAX_SAFE_INTEGER = 2**53 - 1  # the largest integer that a browser's JSON.parse keeps exactly

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode


def canonical_bytes(value) -> bytes:
    """UTF-8 bytes of `value`: keys sorted by UTF-16 code units, no white space.

    Raises ValueError, naming the place, for floats, large integers, lone surrogates, other types and non-string keys.
    """
    try:
        return _plain_bytes(value) or _encode(_checked(value, "$")).encode()
    except UnicodeEncodeError as error:
        raise ValueError("Canonical JSON refuses lone surrogates in strings; send valid Unicode.") from error


def canonical_hash(value) -> str:
    """SHA-256 of the canonical bytes, in hex."""
    return sha256_hex(canonical_bytes(value))


def exact(value):
    """The same value with fractions as text (Python's shortest repr), for results that are fixed but not recomputed."""
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, Mapping):
        return {key: exact(member) for key, member in value.items()}
    return [exact(member) for member in value] if isinstance(value, (list, tuple)) else value


def _plain_bytes(value) -> bytes | None:
    """The same bytes at a fifth of the cost, where nothing is to refuse and all keys are ASCII (all ways to sort them are one)."""
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS) if _is_plain(value) else None
    except TypeError:  # a key that is no string, a lone surrogate: the long way says where
        return None


def _is_plain(value) -> bool:
    kind = type(value)
    if kind is str or kind is bool or value is None:
        return True
    if kind is int:
        return -MAX_SAFE_INTEGER <= value <= MAX_SAFE_INTEGER
    if kind is dict:
        return all(map(str.isascii, value)) and all(map(_is_plain, value.values()))
    return kind is list and all(map(_is_plain, value))


def _checked(value, where: str):
    if value is None or isinstance(value, (str, bool)):
        return value
    if isinstance(value, int):
        if abs(value) > MAX_SAFE_INTEGER:
            raise ValueError(f"Canonical JSON refuses {value} at {where}: send integers over 53 bits as strings.")
        return value
    if isinstance(value, Mapping):
        return {key: _checked(value[key], f"{where}.{key}") for key in _sorted_keys(value, where)}
    if isinstance(value, (list, tuple)):
        return [_checked(member, f"{where}[{i}]") for i, member in enumerate(value)]
    kind = type(value).__name__
    raise ValueError(f"Canonical JSON refuses {kind} at {where}: use integers, strings, lists or objects.")


def _sorted_keys(mapping: Mapping, where: str) -> list[str]:
    for key in mapping:
        if not isinstance(key, str):
            raise ValueError(f"Canonical JSON refuses the key {key!r} at {where}: keys are strings.")
    if all(map(str.isascii, mapping)):
        return sorted(mapping)
    return sorted(mapping, key=lambda key: key.encode("utf-16-be", "surrogatepass"))
