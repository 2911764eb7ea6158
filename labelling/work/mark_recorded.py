"""Say by name that workers are a recorded or simulated crowd: they answer at the pace of a computer, and no tempo holds for them.

For replays, benchmarks, the demo's crowd and tests. No door of the product leads here.
"""

from __future__ import annotations

from collections.abc import Iterable

from labelling.models import Pace
from people.models import Worker


def mark_recorded(workers: Iterable[Worker], *, recorded: bool = True) -> None:
    """recorded=False: from now on she is a person like any other; what the crowd has answered counts as looked at."""
    for worker in workers:
        pace, _ = Pace.objects.get_or_create(worker=worker)
        pace.recorded, pace.seen, pace.answers_until = recorded, pace.answers, None
        pace.save(update_fields=["recorded", "seen", "answers_until"])
