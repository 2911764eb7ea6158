"""How much work at once, and how fast: the rule, in one place. Pure. Why it is as it is: docs/decisions/tempo.md.

The limits are far above what people do; who meets one loses nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

# Tasks in hand at once, over all batches: half a pack, a pack after 20 settled answers, two packs after 120.
STEPS = ((120, 40), (20, 20), (0, 10))
WHILE_HELD = 5  # while a flag waits for a person; none while she is new
NEW_UNTIL = 120  # answers that a look has covered; until then each look must come before
LOOK_EVERY = 20  # more of them
RECORDED = 50  # as many as a draw gives

BURST, A_SECOND = 60, 1  # answers: two packs and a half from an offline phone at once, then one a second
ONE_MS = 300  # what an answer that is given by itself takes at least (task_types/looking.py)
MAX_MS = 3_600_000  # of one answer

_STEPS = " ".join(f"WHEN settled >= {settled} THEN {most}" for settled, most in STEPS)
MOST = f"CASE WHEN held AND seen < {NEW_UNTIL} THEN 0 WHEN held THEN {WHILE_HELD} {_STEPS} END"
_UNSEEN = f"CASE WHEN seen < {NEW_UNTIL} THEN {LOOK_EVERY} - unseen ELSE {STEPS[0][1]} END"
# In SQL, of a row of labelling_hand(worker, now): how many more she may draw now.
ROOM = f"CASE WHEN recorded THEN {RECORDED} ELSE greatest(0, least({MOST}, {_UNSEEN}) - live) END"


def weight(least_ms: int) -> float:
    """How much of the bucket an answer takes: one, and less of those that are given several in one look, who are faster honestly."""
    return min(1.0, least_ms / ONE_MS)


def wait_s(answers_until: datetime | None, now: datetime, n: float) -> float:
    """How long n more answers must wait: 0 when they may come now. A bucket of BURST that fills by A_SECOND (GCRA, ITU-T I.371)."""
    return max(0.0, (next_until(answers_until, now, n) - now).total_seconds() - BURST / A_SECOND)


def next_until(answers_until: datetime | None, now: datetime, n: float) -> datetime:
    return max(answers_until or now, now) + timedelta(seconds=n / A_SECOND)


def claim(
    claimed_ms: Sequence[int], lent_at: Sequence[datetime], worked_until: datetime | None, now: datetime
) -> tuple[list[int], datetime | None]:
    """(time of each answer as it is believed, until when her time is claimed now). The sum never exceeds what has passed here.

    The phone's times are laid one behind the other, each from the later of the last one's end and the moment its task was
    lent, up to now. What does not fit is taken from all in equal share, so that each shows how fast she really was.
    """
    wanted = [max(0, min(ms, MAX_MS)) for ms in claimed_ms]
    until, fits = worked_until, 0
    for ms, lent in sorted(zip(wanted, lent_at, strict=True), key=lambda one: one[1]):
        begin = lent if until is None else max(until, lent)
        took = max(0, min(ms, int((now - begin).total_seconds() * 1000)))
        until, fits = begin + timedelta(milliseconds=took) if took else until, fits + took
    total = sum(wanted)
    return [ms * fits // total if total else 0 for ms in wanted], until


def is_hurried(took_ms: int, least_ms: int, estimated_s: int) -> bool:
    """Below what a person can do: the type's own limit, or a twentieth of the requester's estimate where that is more, though
    never more than twice the limit, since estimates are guesses."""
    return took_ms < max(least_ms, min(estimated_s * 50, 2 * least_ms))
