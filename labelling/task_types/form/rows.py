"""form: the answers that a file states, each under the name of its question."""

from collections.abc import Sequence

from labelling.task_types.drawing import Row
from labelling.task_types.form.questions import questions_of
from labelling.task_types.stating import value_of


def of_rows(rows: Sequence[Row], question: dict) -> dict | None:
    """Of the questions that it asks: what else a file answers is left out. None where it answers none of them."""
    said = {row.name: row.drawing for row in rows}
    asked = (one for one in questions_of(question) if one.id in said)
    found = {one.id: value_of(one.kind, said[one.id], one.question) for one in asked}
    answers = {name: value for name, value in found.items() if value is not None}
    return {"answers": answers} if answers else None
