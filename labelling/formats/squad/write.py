from __future__ import annotations

from collections.abc import Iterator

from labelling.formats.coco.write import array, dump
from labelling.formats.frozen import Frozen
from labelling.task_types.drawing import Span

BETWEEN = "\n\n"  # of the question and its paragraph


def write(frozen: Frozen) -> Iterator[bytes]:
    """An article an item, as one paragraph with one question. A text that nobody has decided is left out: without answers it would say
    that none is there."""
    yield dump({"version": "v2.0"})[:-1].encode()
    yield from array("data", (_article(frozen, row) for row in frozen.rows() if row["decision"] is not None))
    yield b"}\n"


def _article(frozen: Frozen, row: dict) -> dict:
    asked, parting, context = row["text"].partition(BETWEEN)
    question = asked if parting else ""
    before = len(question) + len(parting)
    context = context if parting else row["text"]
    marks = sorted((one for one in frozen.shapes(row) if isinstance(one, Span)), key=lambda one: (one.start, one.end))
    answers = [
        {"text": context[one.start - before : one.end - before], "answer_start": one.start - before}
        for one in marks
        if one.start >= before
    ]
    named = row["external_id"] or str(row["item"])
    said = {"id": named, "question": question, "answers": answers, "is_impossible": not answers}
    return {"title": named, "paragraphs": [{"context": context, "qas": [said]}]}
