"""form: `{"answers": {"<question id>": <answer in the shape of the question's own type>}}`. A question that is not asked after what was
answered before it has none; one that need not be answered may have none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from labelling.task_types.errors import BadAnswer
from labelling.task_types.fields import exact_keys
from labelling.task_types.form.questions import Asked, asked_of, questions_of


def parse(value: Any, question: dict) -> dict:
    given = exact_keys(value, {"answers"}, "value")["answers"]
    if not isinstance(given, dict):
        raise BadAnswer("value.answers", "value.answers must be an object: an answer under the id of each question.")
    known = [one.id for one in questions_of(question)]
    if strange := sorted(given.keys() - set(known)):
        path = f"value.answers.{strange[0]}"
        raise BadAnswer(path, f"{path} is no question of this form: it asks {', '.join(known)}.")
    parsed: dict[str, dict] = {}
    above: dict[str, Asked] = {}
    for one in questions_of(question):
        if one.applies(parsed, above):
            parsed |= _one(one, given)
        elif one.id in given:
            path = f"value.answers.{one.id}"
            raise BadAnswer(path, f"{path} is not asked after these answers: leave it out.")
        above[one.id] = one
    return {"answers": parsed}


def _one(one: Asked, given: dict) -> dict[str, dict]:
    path = f"value.answers.{one.id}"
    if one.id not in given:
        if one.is_required:
            raise BadAnswer(path, f"{path} is missing: answer this question, too.")
        return {}
    try:
        return {one.id: one.kind.parse(given[one.id], one.question)}
    except BadAnswer as bad:
        raise BadAnswer(path + bad.field.removeprefix("value"), path + str(bad).removeprefix("value")) from bad


def relabel(value: dict, into: Mapping[str, str]) -> dict:
    """The same answers, each label called what it is one with now."""
    return _relabelled(value, into)


def _relabelled(said: Any, into: Mapping[str, str]) -> Any:
    if isinstance(said, list):
        return [_relabelled(one, into) for one in said]
    if not isinstance(said, dict):
        return said
    return {key: into.get(one, one) if _is_label(key, one) else _relabelled(one, into) for key, one in said.items()}


def labels_in(value: dict) -> set[str]:
    """Every answer shape keeps its labels under this key, at whatever depth."""
    if isinstance(value, list):
        return set().union(*map(labels_in, value))
    if not isinstance(value, dict):
        return set()
    own = {one for key, one in value.items() if _is_label(key, one)}
    return own.union(*map(labels_in, value.values()))


def _is_label(key: str, one: Any) -> bool:
    return key == "label" and isinstance(one, str)


def answers_to(one: Asked, value: dict | None, question: dict) -> dict | None:
    """What a form says to a question, if it says it in a way that the question still takes: forms are changed while they are out."""
    said = value["answers"].get(one.id) if value and "answers" in value else None
    if value is None or said is None or one.id not in {other.id for other in asked_of(question, value["answers"])}:
        return None
    try:
        return one.kind.parse(said, one.question)
    except BadAnswer:
        return None
