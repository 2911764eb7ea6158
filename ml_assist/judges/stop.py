"""A judge is asked no more until a person has looked: it has changed, costs all that it may, or does not answer."""

from __future__ import annotations

from typing import Any

from delivery.outbox import emit
from ml_assist.judges.models import Judge
from people.audit import record


def stop(judge: Judge, message: str, **said: Any) -> None:
    """Inside the caller's transaction, which holds the judge. What it has said keeps its standing; who knows better changes that first."""
    judge.state, judge.reason = Judge.State.STOPPED, {"message": message, "said": said}
    judge.save(update_fields=["state", "reason"])
    record(None, "judge.stop", judge, message=message, **said)
    emit(
        "judge.stopped",
        {"judge": judge.pk, "project": judge.project_id, "name": judge.name, "reason": message.format(**said)},
    )
