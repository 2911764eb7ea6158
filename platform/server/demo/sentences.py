"""Short reviews of market stalls, our own sentences, in English, isiZulu and Traditional Chinese."""

from __future__ import annotations

from itertools import product

_GOOD = [
    "The {} were fresh and the lady was kind.",
    "Best {} in town, I come back every week.",
    "I love these {}, so sweet and cheap.",
    "Wonderful {}, my children asked for more.",
    "Lovely {} and quick service, thank you!",
    "這裡的{}很新鮮，老闆很親切。",
]
_BAD = [
    "The {} were rotten, never again.",
    "Too expensive for such small {}.",
    "I got a stomach ache from the {}.",
    "Terrible {}, half of them were bad.",
    "The {} were stale and the queue was endless.",
    "{}不新鮮，價錢又貴，不會再來。",
]
_NEITHER = [
    "They sell {} on Mondays.",
    "I bought two bags of {}.",
    "The stall with {} is next to the bus stop.",
    "星期一有賣{}。",
]
_THINGS = ["mangoes", "tomatoes", "oranges", "spinach bunches", "avocados", "bananas", "maize cobs", "peaches"]
_THINGS_ZH = ["芒果", "番茄", "橙", "菠菜", "牛油果", "香蕉", "粟米", "桃"]


def reviews() -> list[tuple[str, str]]:
    """(text, what it is) in a mixed, fixed order."""
    rows = []
    for label, frames in (("positive", _GOOD), ("negative", _BAD), ("neutral", _NEITHER)):
        for frame, place in product(frames, range(len(_THINGS))):
            things = _THINGS if frame.isascii() else _THINGS_ZH
            rows.append((frame.format(things[place]), label))
    return sorted(rows, key=lambda row: hash_of(row[0]))


def hash_of(text: str) -> int:
    """A fixed shuffle, the same on every machine."""
    value = 7
    for byte in text.encode():
        value = (value * 31 + byte) % 1_000_003
    return value
