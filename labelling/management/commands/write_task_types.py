"""`manage.py write_task_types`: docs/task_types.md, what each task type has, read off its folder, the formats and the catalogue."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand

from labelling import catalogue, task_types
from labelling.formats import EXPORTS
from labelling.formats.format import Format
from labelling.task_types.task_type import TaskType

TO = settings.ROOT / "docs" / "task_types.md"
FOLDERS = Path(task_types.__file__).parent
HEAD = """# Task types

What each type has, read off its folder, the formats and the catalogue (`./run manage write_task_types`; a test holds this page to them).
JSON Lines and both CSVs, out and in, fit every type and are not repeated. Every type has an exact schema with golden and hostile examples,
agreement, a consensus, gold, a limit of how fast anybody can be, a drawing for console and phone, and a widget for thumb, keyboard and
screen reader: without one of them its folder is not taken (`tests/types/test_contract.py`).

"""


def page() -> str:
    """The whole page."""
    rows = [[cell(kind) for cell in CELLS.values()] for kind in task_types.every()]
    lines = [list(CELLS), ["---"] * len(CELLS), *rows]
    return HEAD + "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _formats(kind: TaskType, can: Callable[[Format], bool]) -> str:
    return _list(
        one.title.split(":")[0]
        for one in EXPORTS.values()
        if one.draws is not None and one.fits(kind.name) and can(one)
    )


def _reads(one: Format) -> bool:
    return any((one.read, one.of_row, one.parts_of, one.beside, one.together, one.folder, one.apart))


def _guess(kind: TaskType) -> str:
    """When a computer's guess is shown: the phone's part says it."""
    text = (FOLDERS / kind.name / "phone" / "answer.ts").read_text(encoding="utf-8")
    return "to start from" if 'guess: "before"' in text else "after her own answer"


def _entries(kind: TaskType) -> str:
    return _list(entry["id"] for entry in catalogue.entries() if entry["task_type"] == kind.name)


def _list(words) -> str:
    return ", ".join(sorted(words)) or "none"


CELLS: dict[str, Callable[[TaskType], str]] = {
    "type": lambda kind: f"`{kind.name}`",
    "asks": lambda kind: kind.title["en"],
    "media": lambda kind: _list(kind.media),
    "settings": lambda kind: _list(kind.settings),
    "a computer's guess": _guess,
    "method": lambda kind: kind.consensus.METHOD,
    "formats out": lambda kind: _formats(kind, lambda one: True),
    "formats in": lambda kind: _formats(kind, _reads),
    "catalogue": _entries,
}


class Command(BaseCommand):
    help = "Write docs/task_types.md anew."

    def handle(self, *args, **options) -> None:
        TO.write_text(page(), encoding="utf-8")
        self.stdout.write(f"{TO.name}: {len(task_types.NAMES)} types")
