from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any, NamedTuple

from labelling.formats.coco.write import array, dump, info_of
from labelling.formats.frozen import Frozen
from labelling.formats.zips import zipped

QUESTIONS, ANSWERS = "questions.json", "annotations.json"
_OF_COCO = re.compile(r"_(\d{12})\Z")
_NUMBER = re.compile(r"-?\d+(\.\d+)?\Z")
_SAME = {"data_type": "mscoco", "data_subtype": "ilima", "license": {"url": "", "name": ""}}


class Asked(NamedTuple):
    row: dict
    image_id: int
    question_id: int
    question: str
    file_name: str


def write(frozen: Frozen) -> Iterator[bytes]:
    return zipped(((QUESTIONS, _questions(frozen)), (ANSWERS, _annotations(frozen))))


def number_of(file_name: str) -> int | None:
    """The number that a picture of COCO's has in its name."""
    found = _OF_COCO.search(PurePosixPath(file_name.replace("\\", "/")).stem)
    return int(found[1]) if found else None


def _asked(frozen: Frozen) -> Iterator[Asked]:
    """One that nobody has decided has no answer: it is left out."""
    for row in frozen.rows():
        parts = row.get("parts") or ()
        pictures = [part for part in parts if part.get("kind") == "image"]
        question = "\n\n".join(part["text"] for part in parts if part.get("text") and part.get("kind") != "image")
        if row["decision"] is not None and len(pictures) == 1 and question:
            name = pictures[0].get("file_name") or ""
            number = number_of(name)
            yield Asked(row, row["item"] if number is None else number, _question_id(row), question, name)


def _question_id(row: dict) -> int:
    """Hers, where it is a number: then the release goes with the questions that she has."""
    given = row["external_id"]
    return int(given) if given.isascii() and given.isdigit() and len(given) < 16 else row["item"]


def _questions(frozen: Frozen) -> Iterator[bytes]:
    head = {"info": info_of(frozen), "task_type": "Open-Ended", **_SAME}
    yield dump(head)[:-1].encode()
    yield from array("questions", (_question(one) for one in _asked(frozen)))
    yield b"}\n"


def _question(one: Asked) -> dict[str, Any]:
    said = {"image_id": one.image_id, "question": one.question, "question_id": one.question_id}
    return said | {"file_name": one.file_name, "external_id": one.row["external_id"]}


def _annotations(frozen: Frozen) -> Iterator[bytes]:
    yield dump({"info": info_of(frozen), **_SAME})[:-1].encode()
    yield from array("annotations", (_annotation(frozen, one) for one in _asked(frozen)))
    yield b"}\n"


def _annotation(frozen: Frozen, one: Asked) -> dict[str, Any]:
    decided = frozen.drawing(one.row).words or ""
    said = [answer["value"].get("text", "") for answer in one.row["answers"] if answer["counted"]]
    answers = [{"answer": text, "answer_confidence": "", "answer_id": n} for n, text in enumerate(said, 1)]
    return {
        "question_type": " ".join(one.question.lower().split()[:2]),
        "multiple_choice_answer": decided,
        "answers": answers,
        "image_id": one.image_id,
        "answer_type": _answer_type(decided),
        "question_id": one.question_id,
    }


def _answer_type(answer: str) -> str:
    said = answer.strip().lower()
    return "yes/no" if said in ("yes", "no") else "number" if _NUMBER.match(said) else "other"
