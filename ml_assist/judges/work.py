"""What a judge is asked, one call after another: its exam, then the open items, with audits and swaps among them by chance.

A call is counted before it is made, so that no crash makes a judge cost more than its project allows; it is kept, paid and heard in one
transaction after it. Safe to run again at any time: what was asked is not asked twice.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from datetime import timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext_noop

from kernel.locks import only_one
from labelling import task_types
from labelling.models import Batch, BatchItem, Gold, Item
from labelling.task_types.parts import parts_of
from ledger import clock
from ml_assist.judges.asking import Away, CannotBeAsked, Said, ask_about
from ml_assist.judges.exam import exam_items, finish_exam
from ml_assist.judges.keep import keep
from ml_assist.judges.models import Judge, JudgeCall, JudgeVersion
from ml_assist.judges.rules import AUDITS, SWAPS
from ml_assist.judges.stop import stop

MOST_FAILURES = 10  # in a row
REST_S, MOST_REST_S = 30, 3600
LANES = 2  # judges at once on the whole platform: payouts and webhooks leave by the same workers
NO_CALLS = gettext_noop("It was asked {calls} times, which is all that it may cost: hire it again for more.")
DOES_NOT_ANSWER = gettext_noop("It did not answer {failures} times in a row: {error}")

Purpose = JudgeCall.Purpose


def due_judges() -> list[int]:
    """Those that may have something to do."""
    rested = Q(rests_until=None) | Q(rests_until__lte=clock.now())
    rows = Judge.objects.filter(rested, state__in=Judge.ASKED, project__archived_at=None)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def work(judge_id: int, most_s: float = 50, rng: random.Random | None = None, sleep: Callable = time.sleep) -> int:
    """Calls made. One process at a time for the judges of a lane; others leave it to that one."""
    made, ends, rng = 0, time.monotonic() + most_s, rng or random.SystemRandom()
    with only_one(f"ml_assist.judging:{judge_id % LANES}") as mine:
        while mine and time.monotonic() < ends and _one_call(judge_id, rng, sleep):
            made += 1
    return made


def _one_call(judge_id: int, rng: random.Random, sleep: Callable) -> bool:
    judge = Judge.objects.select_related("project").get(pk=judge_id)
    if judge.pk not in due_judges():
        return False
    version = judge.versions.order_by("-number").first()
    if version is None:
        return False
    found = _next(judge, version, rng)
    if found is None:
        return judge.state == Judge.State.EXAM and _examined(judge, version)
    if not Judge.objects.filter(pk=judge.pk, calls__lt=F("most_calls"), state=judge.state).update(calls=F("calls") + 1):
        _out_of_calls(judge_id)
        return False
    purpose, item = found
    try:
        said = ask_about(judge, version, item, turned=purpose == Purpose.SWAP, sleep=sleep)
    except CannotBeAsked as cannot:
        said = Said(None, f"cannot be shown: {cannot}", "", 0)
    except Away as away:
        return _rest(judge_id, str(away))
    keep(judge_id, version, item, purpose, said)
    return True


def _next(judge: Judge, version: JudgeVersion, rng: random.Random) -> tuple[str, Item] | None:
    project = judge.project
    if judge.state == Judge.State.EXAM:
        done = set(version.calls.filter(purpose=Purpose.EXAM).values_list("item_id", flat=True))
        to_ask = [item for item in exam_items(project) if item not in done]
        return (Purpose.EXAM, _item(judge, to_ask[0])) if to_ask else None
    voted_on = version.calls.filter(purpose=Purpose.VOTE).values("item_id")
    open_items = BatchItem.objects.filter(
        batch__project=project, batch__state=Batch.State.OPEN, state=BatchItem.State.OPEN, item__archived_at=None
    )
    left = open_items.exclude(item_id__in=voted_on).order_by("item_id").values_list("item_id", flat=True).first()
    if left is None:
        return None
    if rng.random() < AUDITS and (known := _any_known(judge, rng)):
        return Purpose.AUDIT, _item(judge, known)
    if rng.random() < SWAPS and (voted := _to_turn(judge, version)):
        return Purpose.SWAP, voted
    return Purpose.VOTE, _item(judge, left)


def _any_known(judge: Judge, rng: random.Random) -> int | None:
    """Any of the known tasks with the same chance, whatever was asked before: so each audit goes wrong with the same chance."""
    known = Gold.objects.filter(project=judge.project, retired_at=None, item__archived_at=None).order_by("item_id")
    items = list(known.values_list("item_id", flat=True))
    return rng.choice(items) if items else None


def _to_turn(judge: Judge, version: JudgeVersion) -> Item | None:
    """What it voted on last, where the answer compares parts that can stand in another order, and that was not turned yet."""
    asked = task_types.get(judge.project.task_type).asked
    last = version.calls.filter(purpose=Purpose.VOTE, value__isnull=False).order_by("-id").first()
    if asked is None or not asked.shuffled or last is None:
        return None
    if version.calls.filter(purpose=Purpose.SWAP, item_id=last.item_id).exists():
        return None
    item = _item(judge, last.item_id)
    return item if len(asked.among(parts_of(item.payload, {}))) > 1 else None


def _item(judge: Judge, item_id: int) -> Item:
    item = Item.objects.select_related("media").get(pk=item_id)
    item.project = judge.project
    return item


@transaction.atomic
def _examined(judge: Judge, version: JudgeVersion) -> bool:
    locked = Judge.objects.select_for_update().get(pk=judge.pk)
    if locked.state != Judge.State.EXAM or locked.versions.count() != version.number:
        return True  # somebody changed it meanwhile: look again
    locked.project = judge.project
    finish_exam(locked, version)
    return locked.state in Judge.VOTES


@transaction.atomic
def _out_of_calls(judge_id: int) -> None:
    judge = Judge.objects.select_for_update().get(pk=judge_id)
    if judge.state in Judge.ASKED and judge.calls >= judge.most_calls:
        stop(judge, NO_CALLS, calls=judge.calls)


@transaction.atomic
def _rest(judge_id: int, why: str) -> bool:
    judge = Judge.objects.select_for_update().get(pk=judge_id)
    judge.failures, judge.last_error = judge.failures + 1, why[:300]
    judge.rests_until = clock.now() + timedelta(seconds=min(MOST_REST_S, REST_S * 2 ** (judge.failures - 1)))
    judge.save(update_fields=["failures", "last_error", "rests_until"])
    if judge.failures >= MOST_FAILURES and judge.state in Judge.ASKED:
        stop(judge, DOES_NOT_ANSWER, failures=judge.failures, error=judge.last_error)
    return False
