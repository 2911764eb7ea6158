"""What MP3 and Ogg files say of themselves, read from a few of their bytes. Nothing here is believed, only compared."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import BinaryIO

_HEAD_BYTES, _TAIL_BYTES = 8192, 128 * 1024
_RATES_HZ = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}
_MPEG1, _LAST_PAGE = 3, 4


def id3_bytes(file: BinaryIO) -> int:
    """How long the ID3v2 tag at the start of the file is, 0 for none."""
    file.seek(0)
    head = file.read(10)
    if len(head) < 10 or head[:3] != b"ID3" or max(head[6:]) > 127:
        return 0
    size = head[6] << 21 | head[7] << 14 | head[8] << 7 | head[9]
    return 10 + size + (10 if head[5] & 0x10 else 0)


def mp3_said_ms(path: Path) -> int | None:
    """The length by the Xing, Info or VBRI header of the first frame; None where there is none, as in most old files."""
    with path.open("rb") as file:
        file.seek(id3_bytes(file))
        head = file.read(_HEAD_BYTES)
    start = _first_frame(head)
    if start is None:
        return None
    version, rate_hz = head[start + 1] >> 3 & 3, _rate_hz(head, start)
    frames = _frames_said(head[start : start + 300])
    samples = 1152 if version == _MPEG1 else 576
    return None if frames is None or rate_hz is None else frames * samples * 1000 // rate_hz


def _first_frame(head: bytes) -> int | None:
    """Where the first frame of layer III begins."""
    places = (at for at in range(len(head) - 4) if head[at] == 0xFF and head[at + 1] & 0xE6 == 0xE2)
    return next((at for at in places if _rate_hz(head, at) is not None), None)


def _rate_hz(head: bytes, at: int) -> int | None:
    rates, index = _RATES_HZ.get(head[at + 1] >> 3 & 3), head[at + 2] >> 2 & 3
    return rates[index] if rates and index < 3 else None


def _frames_said(frame: bytes) -> int | None:
    for mark in (b"Xing", b"Info"):
        at = frame.find(mark, 4, 60)
        if at >= 0 and len(frame) >= at + 12:
            flags, frames = struct.unpack_from(">II", frame, at + 4)
            return frames if flags & 1 else None
    at = frame.find(b"VBRI", 4, 60)
    return struct.unpack_from(">I", frame, at + 14)[0] if at >= 0 and len(frame) >= at + 18 else None


def ends_in_its_last_page(path: Path) -> bool:
    """Whether an Ogg file ends where its last page says that the stream ends."""
    with path.open("rb") as file:
        size_bytes = file.seek(0, 2)
        file.seek(max(0, size_bytes - _TAIL_BYTES))
        tail = file.read()
    at = tail.rfind(b"OggS")
    if at < 0 or len(tail) < at + 27 or not tail[at + 5] & _LAST_PAGE:
        return False
    segments = tail[at + 27 : at + 27 + tail[at + 26]]
    return len(segments) == tail[at + 26] and at + 27 + len(segments) + sum(segments) <= len(tail)
