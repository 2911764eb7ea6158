"""Tasks that were done well, to learn from before the first one: those of the catalogue entry that a project was made from.

A known task in use is never among them: who has seen its answer is not tested by it any more.
"""

from __future__ import annotations

from urllib.parse import quote

from labelling import catalogue, task_types
from labelling.models import Project
from labelling.task_types.errors import BadAnswer
from labelling.task_types.label_names import labels_within
from labelling.task_types.parts import checked_parts
from labelling.task_types.questions import question_of

MOST = 2


def examples_of(project: Project, language: str) -> list[dict]:
    """At most two, in her language where they speak one: {"value", "why"} and a "text", a "picture" or "parts"."""
    entry = catalogue.entry(project.catalogue_entry)
    if entry is None or not _asks_the_same(entry, project):
        return []
    return [_shown(one, language) for one in entry["examples"][:MOST]]


def _asks_the_same(ready_made: dict, project: Project) -> bool:
    """Where the requester put other labels or questions in place of the catalogue's, its examples would teach another task."""
    labels = [{label["id"] for label in labels_within(config)} for config in (ready_made["config"], project.config)]
    return labels[0] == labels[1] and all(_is_answer(one, project) for one in ready_made["examples"])


def _is_answer(example: dict, project: Project) -> bool:
    picture, text = example.get("picture") or {}, example.get("text", "")
    payload: dict = {"text": text if isinstance(text, str) else text["en"]}
    if "parts" in example:
        payload = {"parts": checked_parts(_in_language(example["parts"], "en"))}
    question = question_of(
        project.config, payload, width_px=picture.get("width_px"), height_px=picture.get("height_px")
    )
    try:
        task_types.get(project.task_type).parse(example["value"], question)
    except BadAnswer:
        return False
    return True


def _in_language(parts: list[dict], language: str) -> list[dict]:
    """The texts of parts, where they are written in several languages, in hers."""
    return [
        part | ({"text": part["text"].get(language, part["text"]["en"])} if isinstance(part.get("text"), dict) else {})
        for part in parts
    ]


def _shown(example: dict, language: str) -> dict:
    text, picture = example.get("text"), example.get("picture")
    shown = {"value": example["value"], "why": example["why"]}
    if text:
        shown["text"] = text if isinstance(text, str) else text.get(language, text["en"])
    if "parts" in example:
        shown["parts"] = checked_parts(_in_language(example["parts"], language))
    if picture:
        url = "data:image/svg+xml," + quote(picture["svg"], safe=" =:/'(),;")
        shown["picture"] = {"url": url, "width_px": picture["width_px"], "height_px": picture["height_px"]}
    return shown
