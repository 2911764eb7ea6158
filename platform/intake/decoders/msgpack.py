"""MessagePack (https://github.com/msgpack/msgpack/blob/master/spec.md) in and out: what spaCy's files are made of. Its extensions are not
read: nothing that we read has any."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable
from typing import Any

DEEPEST = 12
_NUMBERS = {
    0xCA: ">f",
    0xCB: ">d",
    0xCC: ">B",
    0xCD: ">H",
    0xCE: ">I",
    0xCF: ">Q",
    0xD0: ">b",
    0xD1: ">h",
    0xD2: ">i",
    0xD3: ">q",
}
_BYTES, _TEXTS = {0xC4: ">B", 0xC5: ">H", 0xC6: ">I"}, {0xD9: ">B", 0xDA: ">H", 0xDB: ">I"}
_LISTS, _MAPS = {0xDC: ">H", 0xDD: ">I"}, {0xDE: ">H", 0xDF: ">I"}
_PLAIN = {0xC0: None, 0xC2: False, 0xC3: True}


# --- in ---------------------------------------------------------------------------------------------------------------
def unpacked(content: bytes) -> Any:
    """ValueError for what is none, or holds more than one value."""
    reader = _Reader(content)
    try:
        value = reader.value(0)
    except (struct.error, IndexError, UnicodeDecodeError, TypeError) as broken:  # a key that is a list is none
        raise ValueError("this is no MessagePack") from broken
    if reader.at != len(content):
        raise ValueError("more follows what it says")
    return value


class _Reader:
    def __init__(self, content: bytes) -> None:
        self._content, self.at = memoryview(content), 0

    def value(self, depth: int) -> Any:
        if depth > DEEPEST:
            raise ValueError("it is nested too deep")
        kind = self._take(1)[0]
        if kind < 0x80 or kind >= 0xE0:
            return kind if kind < 0x80 else kind - 0x100
        if kind in _PLAIN:
            return _PLAIN[kind]
        if kind in _NUMBERS:
            return self._number(_NUMBERS[kind])
        if kind in _BYTES:
            return bytes(self._take(self._number(_BYTES[kind])))
        if kind in _TEXTS or 0xA0 <= kind < 0xC0:
            return str(self._take(self._number(_TEXTS[kind]) if kind in _TEXTS else kind & 31), "utf-8")
        if kind in _LISTS or 0x90 <= kind < 0xA0:
            count = self._number(_LISTS[kind]) if kind in _LISTS else kind & 15
            return [self.value(depth + 1) for _ in range(self._fitting(count))]
        if kind in _MAPS or kind < 0x90:
            count = self._number(_MAPS[kind]) if kind in _MAPS else kind & 15
            return {self.value(depth + 1): self.value(depth + 1) for _ in range(self._fitting(count))}
        raise ValueError("it has an extension, which is not read")

    def _fitting(self, count: int) -> int:
        """Each value has a byte at least: a count of more is a lie, and takes no memory."""
        if count > len(self._content) - self.at:
            raise ValueError("it is cut off")
        return count

    def _number(self, form: str) -> Any:
        return struct.unpack(form, self._take(struct.calcsize(form)))[0]

    def _take(self, size: int) -> memoryview:
        if size > len(self._content) - self.at:
            raise ValueError("it is cut off")
        taken = self._content[self.at : self.at + size]
        self.at += size
        return taken


# --- out --------------------------------------------------------------------------------------------------------------
def packed(value: Any) -> bytes:
    return b"".join(_pieces(value))


def _pieces(value: Any) -> Iterable[bytes]:
    if isinstance(value, dict):
        yield _count(len(value), 0x80, 16, _MAPS)
        for name, one in value.items():
            yield from _pieces(name)
            yield from _pieces(one)
    elif isinstance(value, list):
        yield _count(len(value), 0x90, 16, _LISTS)
        for one in value:
            yield from _pieces(one)
    else:
        yield _SCALARS[type(value)](value)


def _count(count: int, short: int, below: int, wider: dict[int, str]) -> bytes:
    """A count in as few bytes as it takes: those below a bound stand in the kind itself."""
    if count < below:
        return bytes([short | count])
    kind, form = next((kind, form) for kind, form in wider.items() if count < 256 ** struct.calcsize(form))
    return bytes([kind]) + struct.pack(form, count)


def _text(value: str) -> bytes:
    content = value.encode()
    return _count(len(content), 0xA0, 32, _TEXTS) + content


def _whole(value: int) -> bytes:
    return struct.pack(">B", value) if 0 <= value < 128 else b"\xd3" + struct.pack(">q", value)


_SCALARS: dict[type, Callable[[Any], bytes]] = {
    str: _text,
    bytes: lambda value: _count(len(value), 0, 0, _BYTES) + value,
    int: _whole,
    float: lambda value: b"\xcb" + struct.pack(">d", value),
    bool: lambda value: b"\xc3" if value else b"\xc2",
    type(None): lambda value: b"\xc0",
}
