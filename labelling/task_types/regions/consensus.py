"""regions: lines matched into objects and their existence x label by `consensus.core.regions.polygons`; each corner of a line is the
median of those who drew it, and its text what they wrote, put together by ROVER (`consensus.core.text.rover`) with writers as known.

A line is unreadable where more than half of those who drew it say so. Confidence is the expected F1 of the lines times the share of their
words that is expected to be right.
"""

from __future__ import annotations

import unicodedata
from dataclasses import replace

from consensus.core.answers.decisions import Decision, Decisions
from consensus.core.answers.skills import WorkerSkills
from consensus.core.regions.models import Mark
from consensus.core.text.models import Rover, newcomers
from consensus.core.text.texts import Texts
from labelling.task_types.mark_consensus import MarkConsensus
from labelling.task_types.merging import decided_of, label_ids, ppm
from labelling.task_types.regions.agreement import matched
from labelling.task_types.regions.answer import MAX_CODE_POINTS, place
from labelling.task_types.regions.gold import is_right
from labelling.task_types.regions.quads import middle
from labelling.task_types.votes import CROWD, Decided, Learned, Task

METHOD = "regions-objects-rover/1"
WRITING = {"writes_ppm", "words"}  # of a writer's skill, beside those of places
Group = list[tuple[str, dict]]  # who drew a line, and how


def _mark(mark: Mark, question: dict) -> dict | None:
    """What was decided is told by the lines of those who drew it."""
    return {"label": mark.label}


def _summary(row: dict) -> dict[str, int]:
    return {
        "recall_ppm": ppm(row["accuracy"]),
        "false_marks_per_look_ppm": ppm(row["clutter"]),
        "accuracy_ppm": ppm(row["accuracy"]),
    }


_PLACES = MarkConsensus(
    aggregator="Polygons",
    marks="regions",
    shape=lambda region: region["points"],
    mark=_mark,
    place=place,
    is_right=is_right,
    summary=_summary,
)


# --- deciding -----------------------------------------------------------------------------------------------------------
def decide_many(tasks: list[Task], skills: dict[str, dict], config: dict) -> list[Decided]:
    if not tasks:
        return []
    decisions, groups = _objects(tasks, skills, config)
    written = _written([group for of in groups for group in of], _writers(skills))
    lines = [_lines(one, of, written) for one, of in zip(decisions, groups, strict=True)]

    def say(task: Task, one: Decision) -> dict:
        return {"regions": [line for line, _sure, _words in lines[int(str(one.item))]]}

    def more(task: Task, one: Decision) -> dict:
        sure = [confidence for _line, confidence, _words in lines[int(str(one.item))]]
        return {"detail": {"objects": sure, "missed_ppm": ppm(one.detail["missed"])}}

    found = decided_of(tasks, decisions, say, is_right, more)
    return [_less_sure(one, [words for *_, words in of]) for one, of in zip(found, lines, strict=True)]


def _less_sure(one: Decided, words: list[float]) -> Decided:
    """By what may be written otherwise."""
    share = sum(words) / len(words) if words else 1.0
    return replace(one, confidence_ppm=round(one.confidence_ppm * share))


def _objects(tasks: list[Task], skills: dict[str, dict], config: dict) -> tuple[Decisions, list[list[Group]]]:
    """The decided lines of each task, and of each line those who drew it."""
    labels = label_ids(config)
    drawn = [
        (vote.annotator, mark) for task in tasks for vote in task.votes for mark in _PLACES.asked(vote.value, labels)
    ]
    known = {name: {key: row[key] for key in row.keys() - WRITING} for name, row in skills.items()}
    decisions = _PLACES.model(_PLACES.known(known, labels)).decide(_PLACES.table(tasks, config))
    return decisions, [[[drawn[n] for n in found.marks] for found in one.detail["objects"]] for one in decisions]


def _lines(one: Decision, groups: list[Group], written) -> list[tuple[dict, int, float]]:
    """(line, its confidence in ppm, the share of its words that is right) in canonical order; `written` runs along with them."""
    lines = []
    for decided, found, group in zip(one.value or [], one.detail["objects"], groups, strict=True):
        text, words = next(written)
        region = {"label": decided.label, "points": middle([mark["points"] for _who, mark in group]), "text": text}
        lines.append((region, ppm(found.confidence * words), words))
    return sorted(lines, key=lambda line: place(line[0]))


def _written(groups: list[Group], writers: WorkerSkills):
    """Of each group what the line says, and how sure that is, one after the other."""
    readable = [[(who, mark["text"]) for who, mark in group if mark["text"]] for group in groups]
    said = {n: texts for n, texts in enumerate(readable) if 2 * len(texts) >= len(groups[n])}
    rows = [(n, who, text) for n, texts in said.items() for who, text in texts]
    merged = dict(_merged(rows, writers)) if rows else {}
    for n, group in enumerate(groups):
        share = len(readable[n]) / len(group)
        if n not in merged:
            yield "", 1 - share
            continue
        text, sure = merged[n]
        line = " ".join(unicodedata.normalize("NFC", text).split())[:MAX_CODE_POINTS]
        yield line or min(text for _who, text in readable[n]), sure * share


def _texts(rows: list[tuple[int, str, str]]) -> Texts:
    items, writers, texts = zip(*rows, strict=True)
    return Texts.from_rows(items, writers, texts)


def _merged(rows: list[tuple[int, str, str]], writers: WorkerSkills):
    decided = Rover(skills=writers).decide(_texts(rows))
    return ((one.item, (one.value, one.confidence)) for one in decided)


def _writers(skills: dict[str, dict]) -> WorkerSkills:
    known = {
        name: {"accuracy": row["writes_ppm"] / 1e6, "seen": row["words"]}
        for name, row in skills.items()
        if "writes_ppm" in row
    }
    return WorkerSkills(known, {**newcomers().crowd, **known.get(CROWD, {}), "seen": 0.0})


# --- learning -----------------------------------------------------------------------------------------------------------
def learn_skills_of(tasks: list[Task], config: dict) -> dict[str, Learned]:
    """How each finds lines, and the chance that a word of hers is right."""
    places = _PLACES.learn_skills_of(tasks, config)
    if not places:
        return {}
    _decisions, groups = _objects(tasks, {name: one.tables for name, one in places.items()}, config)
    numbered = [(task, group) for task, of in zip(tasks, groups, strict=True) for group in of]
    rows = [(n, who, mark["text"]) for n, (_, group) in enumerate(numbered) for who, mark in group if mark["text"]]
    if not rows:
        return places
    gold = {n: text for n, (task, group) in enumerate(numbered) if (text := _known_text(task, group))}
    skills = Rover().fit(_texts(rows), gold=gold).skills
    writers = {str(name): row for name, row in skills.workers.items()} | {CROWD: skills.crowd}
    return {name: _both(one, writers.get(name, skills.crowd)) for name, one in places.items()}


def _known_text(task: Task, group: Group) -> str:
    """What a line is known to say; nothing where that is not known."""
    if not task.truth:
        return ""
    line = {"label": group[0][1]["label"], "points": middle([mark["points"] for _who, mark in group])}
    found = [m for _n, m in matched([line], task.truth["regions"])]
    return task.truth["regions"][found[0]]["text"] if found else ""


def _both(places: Learned, writer: dict) -> Learned:
    writes = ppm(writer["accuracy"])
    summary = {**places.summary, "words_right_ppm": writes}
    if "accuracy_ppm" in summary:
        summary["accuracy_ppm"] = round(summary["accuracy_ppm"] * writer["accuracy"])
    return Learned({**places.tables, "writes_ppm": writes, "words": round(writer["seen"])}, summary, places.answers)
