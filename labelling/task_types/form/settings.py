"""The questions of a form as a requester sends them: completed with ids, and checked, one sentence for the first thing that is wrong.

A question is `{"id", "title", "type", "settings", "required", "each", "show_if", "weight", "points", "scale", "veto"}`.

title          what is asked, by language
type, settings of any other task type
show_if        `{"question": "<id of an earlier one>", "is": [labels]}`, or `"from"` and `"to"` where its answer is a number
points, scale  what each label is worth; [worst, best] of a number
each           the roles of the parts of each of which it is asked, where items are made of parts
weight         of both in the score
veto           labels that make the score 0

A label that is called the same in two questions is the same label. Labels may be said by their names.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from labelling import task_types
from labelling.task_types.errors import BadSetting
from labelling.task_types.label_names import completed as completed_labels
from labelling.task_types.label_names import label_finder, name_of, same_name
from labelling.task_types.parts import ROLES

MAX_QUESTIONS, MAX_TITLE, MAX_WEIGHT = 40, 300, 1000
_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}\Z")
_KEYS = {"each", "id", "title", "type", "settings", "required", "show_if", "weight", "points", "scale", "veto"}


# --- completed --------------------------------------------------------------------------------------------------------
def completed(config: dict) -> dict:
    """With an id for every question and label. What is wrong is left for the check to say."""
    questions = config.get("questions")
    if not isinstance(questions, list):
        return config
    taken = {one["id"] for one in questions if isinstance(one, dict) and isinstance(one.get("id"), str)}
    named: dict[str, str] = {}  # {name of a label: its id}, all over the form
    made = [_completed(one, taken, named) if isinstance(one, dict) else one for one in questions]
    return {**config, "questions": [_with_ids(one, made) if isinstance(one, dict) else one for one in made]}


def _completed(one: dict, taken: set[str], named: dict[str, str]) -> dict:
    made = {**one, "title": {"en": one["title"]} if isinstance(one.get("title"), str) else one.get("title")}
    if "id" not in made:
        made["id"] = _new_id(made["title"], taken)
    settings = made.get("settings", {})
    if not isinstance(settings, dict):
        return made
    if isinstance(settings.get("labels"), list):
        settings = {**settings, "labels": _labels(settings["labels"], named)}
    if made.get("type") in _choices():
        settings = task_types.get(made["type"]).completed(settings)
    return {**made, "settings": settings}


def _new_id(title: Any, taken: set[str]) -> str:
    said = title.get("en") if isinstance(title, dict) else None
    slug = re.sub(r"[^a-z0-9]+", "_", said.lower()).strip("_")[:36] if isinstance(said, str) else ""
    slug = slug or "question"
    number, own = 1, slug
    while own in taken:
        number += 1
        own = f"{slug}_{number}"
    taken.add(own)
    return own


def _labels(labels: list, named: dict[str, str]) -> list:
    """With ids: of a name that another question has, that one's."""
    sent = [{"name": {"en": one}} if isinstance(one, str) else one for one in labels]
    same = [
        {**one, "id": named[_name(one)]} if isinstance(one, dict) and "id" not in one and _name(one) in named else one
        for one in sent
    ]
    made = completed_labels(same)
    named |= {_name(one): one["id"] for one in made if isinstance(one, dict) and isinstance(one["id"], str)}
    return made


def _name(label: dict) -> str:
    names = label.get("name")
    said = names.get("en", next(iter(names.values()), "")) if isinstance(names, dict) else names
    return same_name(said) if isinstance(said, str) else ""


def _with_ids(one: dict, questions: list) -> dict:
    """Labels that conditions and points name are called by their ids."""
    kept = dict(one)
    condition = one.get("show_if")
    if isinstance(condition, dict) and isinstance(condition.get("is"), list):
        above = [
            other for other in questions if isinstance(other, dict) and other.get("id") == condition.get("question")
        ]
        kept["show_if"] = {**condition, "is": [_id_of(said, above) for said in condition["is"]]}
    if isinstance(one.get("points"), dict):
        kept["points"] = {_id_of(said, [one]): worth for said, worth in one["points"].items()}
    if isinstance(one.get("veto"), list):
        kept["veto"] = [_id_of(said, [one]) for said in one["veto"]]
    return kept


def _id_of(said: Any, questions: list[dict]) -> Any:
    labels = [label for one in questions for label in labels_of(one)]
    return label_finder({"labels": labels})(said) or said


def labels_of(one: Mapping[str, Any]) -> list[dict]:
    """The labels of a question that are labels; what is wrong with the others is said by the check of its settings."""
    settings = one.get("settings")
    labels = settings.get("labels") if isinstance(settings, dict) else None
    return [label for label in labels if _is_label(label)] if isinstance(labels, list) else []


def _is_label(label: Any) -> bool:
    if not isinstance(label, dict) or not isinstance(label.get("id"), str) or not isinstance(label.get("name"), dict):
        return False
    return all(isinstance(name, str) for name in label["name"].values())


# --- checked ----------------------------------------------------------------------------------------------------------
def check(config: Mapping[str, Any]) -> None:
    """BadSetting for the first thing that is wrong; the settings within are checked by whoever checks those of any type."""
    questions, path = config.get("questions"), "questions"
    if not isinstance(questions, list) or not 1 <= len(questions) <= MAX_QUESTIONS:
        raise BadSetting("{where} must be a list of 1 to {most} questions.", path, where=_at(path), most=MAX_QUESTIONS)
    above: dict[str, dict] = {}
    for place, one in enumerate(questions):
        _check_question(one, f"{path}[{place}]", above)
        above[one["id"]] = one
    _check_names(above, path)


def within(config: Mapping[str, Any]) -> list[tuple[str, str, dict]]:
    """(field, name of a type, its settings) of every question."""
    return [
        (f"questions[{n}].settings", one["type"], one.get("settings", {})) for n, one in enumerate(config["questions"])
    ]


def _at(path: str) -> str:
    return f"config.{path}"


def _check_question(one: Any, path: str, above: dict[str, dict]) -> None:
    if not isinstance(one, dict):
        raise BadSetting("{where} must be an object with a title, a type and its settings.", path, where=_at(path))
    if strange := sorted(one.keys() - _KEYS):
        known = ", ".join(sorted(_KEYS))
        raise BadSetting(
            "{where} is not known: a question has {choices}.",
            f"{path}.{strange[0]}",
            where=_at(f"{path}.{strange[0]}"),
            choices=known,
        )
    if not isinstance(one.get("id"), str) or not _ID.match(one["id"]):
        raise BadSetting(
            "{where} must be 1 to 40 lower-case letters, digits, - or _.", f"{path}.id", where=_at(f"{path}.id")
        )
    if one["id"] in above:
        raise BadSetting(
            "{where} is the id of another question: give each its own.", f"{path}.id", where=_at(f"{path}.id")
        )
    _check_title(one.get("title"), f"{path}.title")
    _check_type(one, path)
    if not isinstance(one.get("required", True), bool):
        raise BadSetting("{where} must be true or false.", f"{path}.required", where=_at(f"{path}.required"))
    if "each" in one and not _are_roles(one["each"]):
        roles, where = ", ".join(ROLES), _at(f"{path}.each")
        raise BadSetting("{where} must list roles of parts: {roles}.", f"{path}.each", where=where, roles=roles)
    if one.get("show_if"):
        _check_condition(one["show_if"], f"{path}.show_if", above)
    _check_rubric(one, path)


def _are_roles(given: Any) -> bool:
    return isinstance(given, list) and bool(given) and all(isinstance(one, str) and one in ROLES for one in given)


def _check_title(title: Any, path: str) -> None:
    good = (
        isinstance(title, dict) and title and all(isinstance(said, str) and same_name(said) for said in title.values())
    )
    if not good or any(len(said) > MAX_TITLE for said in title.values()):
        raise BadSetting(
            '{where} must map languages to what is asked, for example {{"en": "How long is the sleeve?"}}.',
            path,
            where=_at(path),
        )


def _check_type(one: dict, path: str) -> None:
    choices = _choices()
    if one.get("type") not in choices:
        raise BadSetting(
            "{where} must be one of {choices}.", f"{path}.type", where=_at(f"{path}.type"), choices=", ".join(choices)
        )
    if not isinstance(one.get("settings", {}), dict):
        raise BadSetting("{where} must be an object.", f"{path}.settings", where=_at(f"{path}.settings"))


def _choices() -> list[str]:
    """Every type but a form: a form in a form would be asked as one."""
    home = __name__.rpartition(".")[0]
    return [kind.name for kind in task_types.every() if kind.home != home]


def _check_condition(condition: Any, path: str, above: dict[str, dict]) -> None:
    named = condition.get("question") if isinstance(condition, dict) else None
    asked = above.get(named) if isinstance(named, str) else None
    if asked is None:
        raise BadSetting(
            "{where} must be the id of an earlier question.", f"{path}.question", where=_at(f"{path}.question")
        )
    if condition.keys() == {"question", "is"}:
        _check_labels(condition["is"], f"{path}.is", asked)
    elif condition.keys() == {"question", "from", "to"}:
        for name in ("from", "to"):
            _check_number(condition[name], f"{path}.{name}")
        if condition["from"] > condition["to"]:
            raise BadSetting("{where} must not be less than from.", f"{path}.to", where=_at(f"{path}.to"))
    else:
        raise BadSetting(
            "{where} must have question, and is with its labels, or from and to with numbers.", path, where=_at(path)
        )


def _check_labels(given: Any, path: str, asked: dict) -> None:
    known = {label["id"]: name_of(label) for label in labels_of(asked)}
    if not isinstance(given, list) or not given or not all(isinstance(one, str) and one in known for one in given):
        raise BadSetting(
            "{where} must list labels of that question: {choices}.",
            path,
            where=_at(path),
            choices=", ".join(known.values()),
        )


def _check_rubric(one: dict, path: str) -> None:
    _check_number(one.get("weight", 1), f"{path}.weight", least=0, most=MAX_WEIGHT)
    if one.get("points"):
        if not isinstance(one["points"], dict):
            raise BadSetting(
                "{where} must map labels to what they are worth.", f"{path}.points", where=_at(f"{path}.points")
            )
        _check_labels(list(one["points"]), f"{path}.points", one)
        for worth in one["points"].values():
            _check_number(worth, f"{path}.points", least=0, most=MAX_WEIGHT)
    if one.get("veto"):
        _check_labels(one["veto"], f"{path}.veto", one)
    if one.get("scale"):
        if not isinstance(one["scale"], list) or len(one["scale"]) != 2 or one["scale"][0] == one["scale"][1]:
            raise BadSetting(
                "{where} must be two different numbers: the worst and the best.",
                f"{path}.scale",
                where=_at(f"{path}.scale"),
            )
        for number in one["scale"]:
            _check_number(number, f"{path}.scale")


def _check_number(given: Any, path: str, least: int = -1_000_000, most: int = 1_000_000) -> None:
    """Whole ones: the settings are hashed."""
    if isinstance(given, bool) or not isinstance(given, int) or not least <= given <= most:
        where = _at(path)
        raise BadSetting(
            "{where} must be a whole number from {least} to {most}.", path, where=where, least=least, most=most
        )


def _check_names(questions: dict[str, dict], path: str) -> None:
    """A label's name says which it is all over the form: in files, names are all that there is."""
    ids: dict[str, str] = {}
    names: dict[str, str] = {}
    for one in questions.values():
        for label in labels_of(one):
            name = same_name(name_of(label))
            if ids.setdefault(name, label["id"]) != label["id"] or names.setdefault(label["id"], name) != name:
                raise BadSetting(
                    "{where}: {name} is one label in one question and another in the next: give it one id.",
                    path,
                    where=_at(path),
                    name=name,
                )
