"""A recorded crowd as rows, read from a folder with `labels.csv[.gz]` or `labels.jsonl` and the truth beside it; or a simulated one."""

from __future__ import annotations

import csv
import gzip
import json
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path


class CrowdError(ValueError):
    """The folder is not such a crowd: one sentence that names the file."""


@dataclass
class Crowd:
    """kind: choice, boxes or text. answers: (task, worker, value) as the API takes them; truth: {task: value}."""

    name: str
    kind: str
    answers: list[tuple[str, str, dict]]
    truth: dict[str, dict]
    labels: list[str] = field(default_factory=list)
    size_px: tuple[int, int] = (0, 0)

    @property
    def tasks(self) -> list[str]:
        return list(dict.fromkeys(task for task, _, _ in self.answers))

    @property
    def workers(self) -> list[str]:
        return sorted({worker for _, worker, _ in self.answers})

    @property
    def most_answers(self) -> int:
        """Answers on the item that has most."""
        return max(Counter(task for task, _, _ in self.answers).values())


def read_crowd(folder: Path, limit: int | None = None) -> Crowd:
    """The crowd of a folder; `limit` keeps the first so many tasks. One answer a worker and task: the first."""
    if (folder / "labels.jsonl").exists():
        crowd = _read_boxes(folder)
    else:
        crowd = _read_table(folder)
    kept = set(crowd.tasks[:limit])
    first: dict[tuple[str, str], dict] = {}
    for task, worker, value in crowd.answers:
        if task in kept:
            first.setdefault((task, worker), value)
    crowd.answers = [(task, worker, value) for (task, worker), value in first.items()]
    return crowd


def simulate(tasks: int, workers: int, skills: Sequence[float], each: int, seed: int = 7) -> Crowd:
    """To plan a batch: `each` workers on every task, two labels. skills: how often a worker is right, dealt out in turn."""
    if min(tasks, workers, each) < 1:
        raise CrowdError("A simulated crowd needs at least one task, one worker and one answer a task.")
    if not skills or not all(0 <= skill <= 1 for skill in skills):
        raise CrowdError("A worker's skill is a number from 0 to 1: how often she is right.")
    rng = random.Random(seed)
    truth = {str(task): {"label": rng.choice(["no", "yes"])} for task in range(tasks)}
    skill_of = {f"w{number}": skills[number % len(skills)] for number in range(workers)}
    other = {"no": "yes", "yes": "no"}
    answers = [
        (task, name, {"label": fact["label"] if rng.random() < skill_of[name] else other[fact["label"]]})
        for task, fact in truth.items()
        for name in rng.sample(list(skill_of), min(each, workers))
    ]
    return Crowd(f"simulated crowd of {workers}", "choice", answers, truth, ["no", "yes"])


def _read_table(folder: Path) -> Crowd:
    rows = _rows(folder / "labels.csv")
    column = "label" if "label" in rows[0] else "text"
    if column not in rows[0] or "task" not in rows[0] or "worker" not in rows[0]:
        raise CrowdError(f"{folder / 'labels.csv'} needs the columns task, worker and label (or text).")
    truths = _rows(folder / "truth.csv")
    kind = "choice" if column == "label" else "text"
    answers = [(row["task"], row["worker"], {column: row[column]}) for row in rows if row[column].strip()]
    truth = {row["task"]: {column: row[column]} for row in truths}
    labels = (
        sorted({value["label"] for _, _, value in answers} | {v["label"] for v in truth.values()})
        if kind == "choice"
        else []
    )
    return Crowd(folder.name, kind, answers, truth, labels)


def _read_boxes(folder: Path) -> Crowd:
    rows, truths = _lines(folder / "labels.jsonl"), _lines(folder / "truth.jsonl")
    if "boxes" not in rows[0]:
        raise CrowdError(f"{folder / 'labels.jsonl'} holds no boxes: only boxes are replayed from JSON lines.")
    every = [box for row in rows + truths for box in row["boxes"]]
    width, height = (int(max(box[i] + box[i + 2] for box in every)) + 2 for i in (0, 1))
    answers = [(row["task"], row["worker"], _boxes(row["boxes"])) for row in rows]
    truth = {row["task"]: _boxes(row["boxes"]) for row in truths}
    return Crowd(folder.name, "boxes", answers, truth, ["object"], (width, height))


def _lines(path: Path) -> list[dict]:
    try:
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    except FileNotFoundError:
        raise CrowdError(f"{path} is missing: a crowd needs it.") from None
    except ValueError:
        raise CrowdError(f"{path} must hold one JSON object a line.") from None
    if not rows:
        raise CrowdError(f"{path} holds no rows.")
    return rows


def _boxes(boxes: list[list[float]]) -> dict:
    names = ("x", "y", "width", "height")
    whole = [[max(0, round(x)), max(0, round(y)), max(1, round(w)), max(1, round(h))] for x, y, w, h in boxes]
    return {"boxes": [{"label": "object", **dict(zip(names, box, strict=True))} for box in whole]}


def _rows(path: Path) -> list[dict[str, str]]:
    packed = path.with_name(path.name + ".gz")
    if not path.exists() and not packed.exists():
        raise CrowdError(f"{path} is missing: a crowd needs it.")
    with (
        path.open(encoding="utf-8", newline="")
        if path.exists()
        else gzip.open(packed, "rt", encoding="utf-8", newline="") as source
    ):
        rows = list(csv.DictReader(source))
    if not rows:
        raise CrowdError(f"{path} holds no rows.")
    return rows
