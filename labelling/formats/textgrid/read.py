from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from labelling.formats.stretches import Stretch, Stretches, text_of

_INDEX = re.compile(r"\[\d*\]")  # item [1]: its number says nothing
_VALUE = re.compile(r'"((?:[^"]|"")*)"|(?<![\w.])(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.])')
MAX_INTERVALS = 200_000


def is_one(start: str, name: str) -> bool:
    return name.lower().endswith(".textgrid") and "ooTextFile" in start.replace("\0", "")


def read(content: bytes, classes: Sequence[str]) -> tuple[str, Stretches]:
    """The long form names its values and the short one does not; their order is the same. An interval without a text is a gap."""
    values = _values(text_of(content))
    try:
        head = [next(values) for _ in range(2)]
        if "TextGrid" not in head:
            raise ValueError("it is no TextGrid.")
        _, _, tiers = (float(next(values)) for _ in range(3))
        found = [mark for _ in range(int(tiers)) for mark in _tier(values)]
    except (StopIteration, RuntimeError):
        raise ValueError("it breaks off before its end.") from None
    return "", Stretches(tuple(found))


def _values(text: str) -> Iterator[str]:
    """Texts and numbers in order, the names of values left out."""
    for said in _VALUE.finditer(_without_indexes(text)):
        yield said[1].replace('""', '"') if said[1] is not None else said[2]


def _without_indexes(text: str) -> str:
    """Outside of texts, which may hold brackets, too."""
    parts = re.split(r'("(?:[^"]|"")*")', text)
    return "".join(part if n % 2 else _INDEX.sub("", part) for n, part in enumerate(parts))


def _tier(values: Iterator[str]) -> list[Stretch]:
    kind, name = next(values), next(values)
    _, _, count = (float(next(values)) for _ in range(3))
    if count > MAX_INTERVALS:
        raise ValueError(f"a tier has more than {MAX_INTERVALS:,} intervals.")
    if kind == "TextTier":
        return [mark for _ in range(int(count)) for mark in _point(values, name)]
    found = [(float(next(values)), float(next(values)), next(values).strip()) for _ in range(int(count))]
    return [Stretch(tuple(dict.fromkeys((text, name))), 1000 * start, 1000 * end) for start, end, text in found if text]


def _point(values: Iterator[str], name: str) -> list[Stretch]:
    """A moment has no length: whoever takes the marks says that it was left out."""
    at, text = 1000 * float(next(values)), next(values).strip()
    return [Stretch(tuple(filter(None, dict.fromkeys((text, name)))), at, at)]
