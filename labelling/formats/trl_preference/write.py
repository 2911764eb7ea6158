"""TRL preference out: a line for each two texts of which one was found better. What the parts say apart from them is the prompt."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from labelling.formats.frozen import Frozen
from labelling.formats.trl import ANSWERS, answer_of, asked_of, line_of
from labelling.task_types.drawing import Order


def write(frozen: Frozen) -> Iterator[bytes]:
    """Items that nobody has decided, and those whose parts are alike, prefer nothing: they are left out."""
    for row in frozen.rows():
        order = frozen.order(row)
        if order is not None:
            yield from (_line(row, better, worse) for better, worse in _pairs(row["parts"], order))


def _pairs(parts: list[dict[str, Any]], order: Order) -> Iterator[tuple[dict, dict]]:
    """The better before the worse, best first; only texts are preferred in this format."""
    rank = {part: place for place, alike in enumerate(order.ranks) for part in alike}
    compared = [part for part in parts if part["role"] in ANSWERS and "text" in part]
    placed = sorted(compared, key=lambda part: rank.get(part["id"], len(rank)))
    for place, better in enumerate(placed):
        if better["id"] in rank:
            yield from ((better, worse) for worse in placed[place + 1 :] if rank.get(worse["id"]) != rank[better["id"]])


def _line(row: dict, better: dict, worse: dict) -> bytes:
    prompt, is_chat = asked_of(row["parts"])
    chosen, rejected = (answer_of(one["text"], is_chat) for one in (better, worse))
    said = {"prompt": prompt, "chosen": chosen, "rejected": rejected}
    return line_of(row, {**said, **_margin(row.get("confidence_ppm"))})


def _margin(confidence_ppm: int | None) -> dict[str, float]:
    """In log odds, the scale of Bradley and Terry's scores, by which a reward model is trained."""
    if not confidence_ppm or not 0 < confidence_ppm < 1_000_000:
        return {}
    share = confidence_ppm / 1e6
    return {"margin": round(math.log(share / (1 - share)), 4)}
