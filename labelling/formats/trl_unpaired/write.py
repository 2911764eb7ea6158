from __future__ import annotations

from collections.abc import Iterator

from labelling.formats.frozen import Frozen
from labelling.formats.trl import ANSWERS, answer_of, asked_of, line_of
from labelling.task_types.drawing import Order
from labelling.task_types.label_names import names_in

_SAID = {"true": True, "false": False}


def write(frozen: Frozen) -> Iterator[bytes]:
    """Items that nobody has decided say nothing of their answers: they are left out."""
    for row in frozen.rows():
        if row["decision"] is None:
            continue
        prompt, is_chat = asked_of(row["parts"])
        for text, label in _judged(frozen, row):
            yield line_of(row, {"prompt": prompt, "completion": answer_of(text, is_chat), "label": label})


def _judged(frozen: Frozen, row: dict) -> Iterator[tuple[str, bool]]:
    answers = [(part["id"], part["text"]) for part in row["parts"] if part["role"] in ANSWERS and "text" in part]
    order = frozen.order(row)
    if order is not None:
        yield from ((text, name in order.ranks[0]) for name, text in answers if _parts_them(order, len(answers)))
        return
    names = names_in(row["decision"])
    said = {_SAID.get(names.get(one, one).lower()) for one in frozen.tags(row, row["decision"])}
    if len(answers) == 1 and len(said) == 1 and (label := said.pop()) is not None:
        yield answers[0][1], label


def _parts_them(order: Order, count: int) -> bool:
    """Whether some are better than others."""
    return bool(order.ranks) and len(order.ranks[0]) < count
