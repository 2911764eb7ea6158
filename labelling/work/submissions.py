"""What a phone sends and what becomes of it: the envelope of an answer, without the database."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from kernel.numbers import is_whole

DEVICE_CLASSES = ("phone", "tablet", "desktop")


@dataclass
class Sent:
    """One answer as the phone sent it, checked for shape only."""

    id: str
    lease: str
    value: Any
    active_ms: int
    device_class: str
    suggestion_shown: bool


@dataclass
class Result:
    """What became of one sent answer: accepted, repeated or refused."""

    id: str
    status: str
    receipt: dict | None = None
    feedback: dict | None = None
    error: dict | None = None


def parse_entry(entry: Any, place: int) -> Sent | Result:
    """The envelope of one answer; what is wrong with it is a refused Result with one sentence."""
    if not isinstance(entry, dict):
        return refused("", "invalid", f"answers[{place}]", f"answers[{place}] must be an object.")
    answer_id = entry.get("id")
    ids = {name: _as_uuid(entry.get(name)) for name in ("id", "lease")}
    for name, found in ids.items():
        if found is None:
            return refused(str(answer_id or "")[:40], "invalid", name, f"{name} must be a UUID.")
    answer_id = str(answer_id)
    if "value" not in entry:
        return refused(answer_id, "invalid", "value", "value is missing: send the answer.")
    active_ms = entry.get("active_ms", 0)
    if not is_whole(active_ms) or active_ms < 0:
        return refused(
            answer_id, "invalid", "active_ms", "active_ms must be a whole number of milliseconds, 0 or more."
        )
    device = entry.get("device_class", "")
    if device not in ("", *DEVICE_CLASSES):
        return refused(
            answer_id, "invalid", "device_class", f"device_class must be one of {', '.join(DEVICE_CLASSES)}."
        )
    if not isinstance(entry.get("suggestion_shown", False), bool):
        return refused(answer_id, "invalid", "suggestion_shown", "suggestion_shown must be true or false.")
    return Sent(
        str(ids["id"]), str(ids["lease"]), entry["value"], active_ms, device, entry.get("suggestion_shown") is True
    )


def _as_uuid(value: Any) -> uuid.UUID | None:
    try:
        return uuid.UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None


def first_of_each_id(sent: list[Sent]) -> dict[str, Sent]:
    first: dict[str, Sent] = {}
    for entry in sent:
        first.setdefault(entry.id, entry)
    return first


def result_of(entry: Sent | Result, first: dict[str, Sent], results: dict[str, Result]) -> Result:
    """An id twice in one batch: the first is what was sent; a second with other contents is a conflict."""
    if isinstance(entry, Result):
        return entry
    original = first[entry.id]
    if entry is not original and (entry.lease, entry.value) != (original.lease, original.value):
        return refused(entry.id, "conflict", "id", "This id stands twice in the batch with different answers.")
    return results[entry.id]


def refused(answer_id: str, code: str, name: str, message: str) -> Result:
    return Result(answer_id, "refused", error={"code": code, "field": name, "message": message})
