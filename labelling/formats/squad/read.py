"""SQuAD in, of both versions: a text a question, with its answers as marks. Several people's answers are marks each, once where they are
alike; a question that cannot be answered is a text in which nothing is marked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from labelling.formats.json_lists import elements
from labelling.formats.on_disk import heaps
from labelling.formats.rows import Note, Refused, Row
from labelling.formats.squad.write import BETWEEN
from labelling.task_types.drawing import Drawing, Span

LABEL = "Answer"


def is_table(start: str) -> bool:
    return start.lstrip().startswith("{") and '"paragraphs"' in start and '"data"' in start


def read(path: Path) -> Iterator[Row | Refused]:
    with heaps() as held:
        held.keep((one.name, None, one.raw) for one in elements(path, "data", "SQuAD") if one.listed)
        for number, (place, title, context, asked) in enumerate(_questions(held.each("data")), 1):
            yield _row(number, place, title, context, asked)


def _questions(articles: Iterator[Any]) -> Iterator[tuple[str, Any, Any, Any]]:
    """(place, title, paragraph, question) of each. What is no article and no paragraph is one that is no text; a paragraph that is asked
    nothing is none."""
    for n, article in enumerate(articles, 1):
        found = article if isinstance(article, dict) else {}
        if not isinstance(found.get("paragraphs"), list):
            yield f"article {n}", found.get("title"), None, None
        for m, paragraph in enumerate(_list(found.get("paragraphs")), 1):
            inner = paragraph if isinstance(paragraph, dict) else {}
            place, context = f"article {n}, paragraph {m}", inner.get("context")
            if not isinstance(context, str):
                yield place, found.get("title"), None, None
                continue
            for k, asked in enumerate(_list(inner.get("qas")), 1):
                yield f"{place}, question {k}", found.get("title"), context, asked


def _list(given: Any) -> list[Any]:
    return given if isinstance(given, list) else []


def _row(number: int, place: str, title: Any, context: Any, asked: Any) -> Row | Refused:
    question = asked.get("question") if isinstance(asked, dict) else None
    if not isinstance(context, str) or not isinstance(question, str):
        return Refused(number, place, "text", "The paragraph or its question is no text: send both.")
    before = len(question) + len(BETWEEN) if question else 0
    marks, notes = _answers(asked, context, before)
    text = f"{question}{BETWEEN}{context}" if question else context
    cells: dict[str, Any] = {"text": text, "id": str(asked.get("id", ""))}
    cells |= {"gold": Drawing(shapes=marks)} if marks or not notes else {}
    cells["metadata"] = {"title": title} if isinstance(title, str) and title != cells["id"] else {}
    return Row(number, place, cells, tuple(notes))


def _answers(asked: dict[str, Any], context: str, before: int) -> tuple[list[Span], list[Note]]:
    marks: list[Span] = []
    notes: list[Note] = []
    for number, one in enumerate(_list(asked.get("answers")), 1):
        mark = _mark(one, context, before)
        if mark is None:
            notes.append(("gold", f"Answer {number} was left out: its text does not stand at its answer_start."))
        elif mark not in marks:
            marks.append(mark)
    return marks, notes


def _mark(one: Any, context: str, before: int) -> Span | None:
    said, start = (one.get("text"), one.get("answer_start")) if isinstance(one, dict) else (None, None)
    if not isinstance(said, str) or not isinstance(start, int) or isinstance(start, bool) or start < 0:
        return None
    stands = bool(said) and context[start : start + len(said)] == said
    return Span(LABEL, before + start, before + start + len(said)) if stands else None
