"""TRL stepwise supervision out: the steps up to the first wrong one, each right but that one. What comes after it nobody has judged, so it
is left out, as in PRM800K (H. Lightman et al., Let's Verify Step by Step, ICLR 2024). What is no step of the one that is judged (what a
tool gave, what a user said meanwhile) stands before the next step, as it was read."""

from __future__ import annotations

import json
from collections.abc import Iterator

from labelling import task_types
from labelling.formats.frozen import Frozen


def write(frozen: Frozen) -> Iterator[bytes]:
    """Items that nobody has decided say nothing of their steps: they are left out."""
    asked = task_types.get(frozen.task_type).asked
    roles = asked.roles if asked else frozenset()
    for row in frozen.rows():
        if row["decision"] is not None and row.get("parts"):
            wrong = {shape.part for shape in frozen.shapes(row)}
            yield _line(row, roles, wrong)


def _line(row: dict, roles: frozenset[str], wrong: set[str]) -> bytes:
    prompt: list[str] = []
    steps: list[str] = []
    labels: list[bool] = []
    between: list[str] = []
    for part in row["parts"]:
        if part["role"] not in roles:
            (between if steps else prompt).append(_named(part) if steps else _text(part))
            continue
        steps.append("\n\n".join([*between, _text(part)]))
        labels.append(part["id"] not in wrong)
        between = []
        if part["id"] in wrong:
            break
    line = {"prompt": "\n\n".join(filter(None, prompt)), "completions": steps, "labels": labels}
    line |= {"item": row["item"], "external_id": row["external_id"]}
    return json.dumps(line, ensure_ascii=False).encode() + b"\n"


def _named(part: dict) -> str:
    return f"{part['role']}: {_text(part)}"


def _text(part: dict) -> str:
    if "json" in part:
        return json.dumps(part["json"], ensure_ascii=False)
    return part.get("text", "")
