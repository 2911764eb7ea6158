"""The packing in which Label Studio keeps what was brushed: the four channels of each pixel, row by row, as runs of bits.

Most significant bit first: 32 bits for how many values there are, 5 for the size of one less 1, four times 4 for the sizes of lengths less
1; then records: one bit whether it is a run, two for which of the four sizes its length has, the length less 1, and the value of a run or
as many values. (thi-ng/umbrella, packages/rle-pack; HumanSignal/label-studio-sdk, converter/brush.py)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from intake.limits import IMAGE_PIXELS

CHANNELS = 4
WORD_BITS, LENGTH_BITS = 8, (3, 4, 8, 16)
INSIDE = 255


def packed(mask: np.ndarray) -> list[int]:
    """The bytes of an (H, W) boolean mask, all channels of a pixel alike."""
    flat = np.asarray(mask, dtype=bool).ravel()
    bits = [f"{flat.size * CHANNELS:032b}{WORD_BITS - 1:05b}", *(f"{size - 1:04b}" for size in LENGTH_BITS)]
    edges = np.flatnonzero(np.diff(flat)) + 1
    starts = [0, *edges.tolist()] if flat.size else []
    for start, end in zip(starts, [*edges.tolist(), flat.size], strict=False):
        value = INSIDE if flat[start] else 0
        bits += (_run(length, value) for length in _lengths((end - start) * CHANNELS))
    whole = "".join(bits)
    whole += "0" * (-len(whole) % 8)
    return [int(whole[at : at + 8], 2) for at in range(0, len(whole), 8)]


def _lengths(left: int) -> Iterator[int]:
    most = 1 << LENGTH_BITS[-1]
    while left > 0:
        yield min(left, most)
        left -= most


def _run(length: int, value: int) -> str:
    which = next(n for n, bits in enumerate(LENGTH_BITS) if length <= 1 << bits)
    return f"1{which:02b}{length - 1:0{LENGTH_BITS[which]}b}{value:0{WORD_BITS}b}"


def unpacked(given: Sequence[int], height: int, width: int) -> np.ndarray:
    """(H, W) boolean: where the last channel, opacity, is more than nothing. ValueError for what is no such packing of this size.

    Linear in the bytes and in the pixels: runs are not written out before that channel is taken from them."""
    if not 0 < height * width <= IMAGE_PIXELS:
        raise ValueError("its picture is too large, or has no size.")
    whole = all(isinstance(one, int) and not isinstance(one, bool) and 0 <= one < 256 for one in given)
    if not given or not whole:
        raise ValueError("its rle is no list of bytes.")
    bits = "".join(map("{:08b}".format, given))
    try:
        total, *runs = _runs(bits, height * width * CHANNELS)
    except (ValueError, StopIteration):
        raise ValueError("its rle breaks off.") from None
    if total != (height * width * CHANNELS, 0):
        raise ValueError("its rle is of another size than its picture.")
    lengths, values = np.array(runs, dtype=np.int64).reshape(-1, 2).T
    ends = np.minimum(np.cumsum(lengths), height * width * CHANNELS)
    opaque = np.diff(ends // CHANNELS, prepend=0)  # how many last channels lie in each run
    return np.repeat(values > 0, opaque).reshape(height, width)


def _runs(bits: str, wanted: int) -> Iterator[tuple[int, int]]:
    """(how many values there are, 0), then (length, value) of every run; a value by itself is a run of one."""
    at = 0

    def take(n: int) -> int:
        nonlocal at
        at += n
        return int(bits[at - n : at] if at <= len(bits) else "", 2)

    total = take(32)
    yield total, 0
    word, sizes = take(5) + 1, [take(4) + 1 for _ in LENGTH_BITS]
    done = 0
    while total == wanted and done < total:
        is_run, length = take(1), take(sizes[take(2)]) + 1
        if is_run:
            yield length, take(word)
        else:
            yield from ((1, take(word)) for _ in range(length))
        done += length
