"""VQA in, of both versions: an item a question, with its picture before it. The pictures lie in the same zip, found by `file_name` where
the file says it, else by their numbers, as COCO_val2014_000000000042.jpg has one."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from labelling.formats import json_values
from labelling.formats.on_disk import OnDisk, on_disk
from labelling.formats.own import DECISION
from labelling.formats.rows import BadTable, Refused, Row
from labelling.formats.stated import Statements
from labelling.formats.vqa.write import number_of
from labelling.task_types.drawing import Drawing

_TWO = "Of VQA's files, the answers of a zip belong to one file of questions: send one of each."


def among(starts: Mapping[str, str]) -> Collection[str]:
    """A file of questions, and those of their answers where they came."""
    asked = [name for name, start in starts.items() if _has(start, "questions", "question_id")]
    told = [name for name, start in starts.items() if _has(start, "annotations", "question_id") and name not in asked]
    return [*asked, *told] if asked else []


def _has(start: str, *keys: str) -> bool:
    return start.lstrip().startswith("{") and all(f'"{key}"' in start for key in keys)


def read(files: Mapping[str, Path], others: Collection[str]) -> Iterator[Row | Refused]:
    starts = {name: path.open("rb").read(4096).decode("utf-8-sig", "replace") for name, path in files.items()}
    asked = [path for name, path in files.items() if _has(starts[name], "questions")]
    told = [path for name, path in files.items() if path not in asked]
    if len(asked) > 1 or len(told) > 1:
        raise BadTable(_TWO)
    pictures = {number: name for name in sorted(others) if (number := number_of(name)) is not None}
    with on_disk() as answers:
        for path in told:
            answers.keep(_answers(path))
        for row in json_values.read(asked[0]):
            yield _row(row, answers if told else None, pictures) if isinstance(row, Row) else row


def _answers(path: Path) -> Iterator[tuple[str, Any]]:
    for row in json_values.read(path):
        if isinstance(row, Row) and _is_id(row.cells.get("question_id")):
            yield str(row.cells["question_id"]), row.cells


def _is_id(given: Any) -> bool:
    return isinstance(given, int | str) and not isinstance(given, bool) and given != ""


def _row(row: Row, answers: OnDisk | None, pictures: Mapping[int, str]) -> Row | Refused:
    """answers: None where nobody has told any."""
    question, asked, shown = (row.cells.get(name) for name in ("question_id", "question", "image_id"))
    if not _is_id(question) or not isinstance(asked, str) or not asked.strip():
        return Refused(row.number, row.place, "parts", "A question has its text and a question_id.")
    given = row.cells.get("file_name")
    name = given if isinstance(given, str) and given else pictures.get(shown) if isinstance(shown, int) else None
    if name is None:
        return Refused(
            row.number, row.place, "parts", f"There is no picture of the number {str(shown)[:40]} in the zip."
        )
    parts = [{"id": "picture", "role": "image", "file": name}, {"id": "question", "role": "prompt", "text": asked}]
    called = row.cells.get("external_id")
    said = (answers.get(str(question)) if answers else None) or {}
    stated = {DECISION: _stated(said)} if answers else {}
    cells = {"id": called if isinstance(called, str) and called else question, "parts": parts, **stated}
    return Row(row.number, row.place, cells | {"metadata": _more(said) | {"image_id": shown}})


def _stated(said: Mapping[str, Any]) -> Statements:
    """Of every question, so that it is asked what answers become wherever the first of them stands. Ten people wrote as they liked, and
    `multiple_choice_answer` is what most of them did: others are as right."""
    answer = said.get("multiple_choice_answer")
    known = isinstance(answer, str) and answer.strip()
    return Statements((("answer", Drawing(words=answer)),) if known else (), free=True)


def _more(said: Mapping[str, Any]) -> dict[str, Any]:
    """What people said one by one, and of what kind question and answer are."""
    given = said.get("answers")
    found = [one.get("answer") for one in given if isinstance(one, dict)] if isinstance(given, list) else []
    kinds = {name: said[name] for name in ("question_type", "answer_type") if isinstance(said.get(name), str)}
    return kinds | ({"answers": found} if found else {})
