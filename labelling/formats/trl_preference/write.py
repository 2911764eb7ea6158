"""TRL preference out: a line for each two texts of which one was found better. What the parts say apart from them is the prompt."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any

from labelling.formats.frozen import Frozen
from labelling.task_types.drawing import Order

_AS_CHAT = {
    "system": "system",
    "user": "user",
    "assistant": "assistant",
    "tool_call": "assistant",
    "tool_result": "tool",
}


def write(frozen: Frozen) -> Iterator[bytes]:
    """Items that nobody has decided, and those whose parts are alike, prefer nothing: they are left out."""
    for row in frozen.rows():
        order = frozen.order(row)
        if order is not None:
            yield from (_line(row, better, worse) for better, worse in _pairs(row["parts"], order))


def _pairs(parts: list[dict[str, Any]], order: Order) -> Iterator[tuple[dict, dict]]:
    """The better before the worse, best first; only texts are preferred in this format."""
    rank = {part: place for place, alike in enumerate(order.ranks) for part in alike}
    compared = [part for part in parts if part["role"] in ("candidate", "left", "right") and "text" in part]
    placed = sorted(compared, key=lambda part: rank.get(part["id"], len(rank)))
    for place, better in enumerate(placed):
        if better["id"] in rank:
            yield from ((better, worse) for worse in placed[place + 1 :] if rank.get(worse["id"]) != rank[better["id"]])


def _line(row: dict, better: dict, worse: dict) -> bytes:
    asked = [part for part in row["parts"] if part["role"] not in ("candidate", "left", "right") and _is_said(part)]
    chat = bool(asked) and all(part["role"] in _AS_CHAT for part in asked)
    said = (_message("assistant", better["text"]), _message("assistant", worse["text"]))
    chosen, rejected = ([said[0]], [said[1]]) if chat else (better["text"], worse["text"])
    prompt = [_message(_AS_CHAT[one["role"]], _text(one)) for one in asked] if chat else "\n\n".join(map(_text, asked))
    line = {"prompt": prompt, "chosen": chosen, "rejected": rejected, **_margin(row.get("confidence_ppm"))}
    line |= {"item": row["item"], "external_id": row["external_id"]}
    return json.dumps(line, ensure_ascii=False).encode() + b"\n"


def _margin(confidence_ppm: int | None) -> dict[str, float]:
    """In log odds, the scale of Bradley and Terry's scores, by which a reward model is trained."""
    if not confidence_ppm or not 0 < confidence_ppm < 1_000_000:
        return {}
    share = confidence_ppm / 1e6
    return {"margin": round(math.log(share / (1 - share)), 4)}


def _message(role: str, content: str) -> dict[str, str]:
    return {"role": role, "content": content}


def _is_said(part: dict) -> bool:
    return "text" in part or "json" in part


def _text(part: dict) -> str:
    return part["text"] if "text" in part else json.dumps(part["json"], ensure_ascii=False)
