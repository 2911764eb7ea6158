"""The wage floor of a project: what its batches pay an hour at the least. Work that may disturb pays more, by a stated share."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings

from kernel.errors import DomainError
from kernel.money import to_text
from labelling.batches import pay
from labelling.batches.measured import measured_ms
from labelling.models import Batch, Project


def floor_of(warnings: Sequence[str]) -> int:
    """Micro-units an hour; `warnings`: the project's."""
    share_bps = 10_000 + (settings.CONTENT_UPLIFT_BPS if warnings else 0)
    return -(-settings.WAGE_FLOOR_MICRO_PER_HOUR * share_bps // 10_000)


def floor_micro(task_ms: int, warnings: Sequence[str]) -> int:
    """What a task of this length pays at the floor."""
    return -(-floor_of(warnings) * task_ms // 3_600_000)


def time_of_task(project: Project) -> tuple[int, bool]:
    """Milliseconds, and whether they were measured or are what its requester thinks."""
    measured = measured_ms([project.pk]).get(project.pk)
    return measured or project.estimated_task_s * 1000, measured is not None


_BELOW = "base_micro comes to {wage} {currency} an hour at {how}, below the floor of {floor}: pay at least {least} micro-units a task."
_BELOW_AND_WARNED = (
    "base_micro comes to {wage} {currency} an hour at {how}. What may disturb people pays {uplift} % more than the floor, "
    "{floor} an hour: pay at least {least} micro-units a task."
)


def check_wage(batch: Batch) -> None:
    """A batch below the floor for its workers cannot be opened: by the time that was measured, where there is one."""
    warnings = batch.project.warnings
    task_ms, measured = time_of_task(batch.project)
    wage = pay.wage_micro_per_hour(batch.base_micro, task_ms) or 0
    if wage >= floor_of(warnings):
        return
    how = f"{task_ms / 1000:.3g} s a task" + (", as measured" if measured else "")
    raise DomainError(
        _BELOW_AND_WARNED if warnings else _BELOW,
        field="base_micro",
        said={
            "wage": to_text(wage),
            "currency": batch.currency,
            "how": how,
            "floor": to_text(floor_of(warnings)),
            "least": floor_micro(task_ms, warnings),
            "uplift": f"{settings.CONTENT_UPLIFT_BPS / 100:g}",
        },
    )
