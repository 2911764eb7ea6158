"""Look through a project for clickers, rings, machines and drift, and keep what was found as flags for a person to judge.

While a flag stands, what its project paid waits (labelling/conduct/holds.py): 72 hours at most, and no longer than the flag. Only "drift"
holds nothing: whose work has become worse has not cheated.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

import numpy as np
from django.db import transaction
from django.db.models import Count, Q, QuerySet

from consensus.app.actions.clear_flags import judged_until
from consensus.app.models import AbuseCheck, WorkerFlag
from consensus.core.labels.votes import confusion_fits
from consensus.core.spam import (
    VERSION,
    Flag,
    Lent,
    Log,
    chance_flags,
    find_abuse,
    hurried_flags,
    picky_flags,
    speed_flags,
)
from consensus.core.spam.alone import MIN_SKIPS
from labelling import task_types
from labelling.conduct.hold_pay import hold_pay, let_go
from labelling.models import Answer, Gold, Lease, Project, WorkerRecord
from labelling.task_types.questions import label_ids
from labelling.work.new_answers import Look, grown_since, seen_of
from ledger import clock

MIN_NEW_ANSWERS = 50
MAX_ANSWERS = 200_000  # the newest: bounds the time and memory of a look
HOLDS_NOTHING = {"drift"}
_WRITTEN = ["score_ppm", "p_value", "evidence", "partners", "method", "last_seen", "closed_at"]


class Row(NamedTuple):
    item: int
    worker: int
    value: dict
    seq: int
    received_at: datetime
    active_ms: int
    hurried: bool


def projects_due() -> list[int]:
    """Projects with enough new answers since they were looked through, or looked through by an older method."""
    checks = AbuseCheck.objects.values_list("project", "method", "answers_seen", "last_seq")
    older = {pk for pk, method, _, _ in checks if method != VERSION}
    looks = {pk: Look(answers, last_seq) for pk, _, answers, last_seq in checks if pk not in older}
    return sorted(older.union(grown_since(looks, MIN_NEW_ANSWERS)))


def look_for_abuse(project_id: int) -> int:
    """Find and keep; returns the number of flags that stand. Safe to repeat. The numbers are worked out before any row is locked."""
    project = Project.objects.get(pk=project_id)
    seen = seen_of(project_id)
    rows = read_rows(project, Answer.objects.filter(project=project))
    found = find(project, rows, skippers(project))
    _keep(project, seen, found, {row.seq: row for row in rows})
    return len(found)


def read_rows(project: Project, answers: QuerySet[Answer]) -> list[Row]:
    """The newest of these answers, without those that a won appeal was about."""
    answers = answers.filter(repeat=False).order_by("-seq")[:MAX_ANSWERS]
    fields = ("item_id", "worker_id", "value", "seq", "received_at", "active_ms", "hurried")
    judged = judged_until(project)
    rows = (Row(*row) for row in answers.values_list(*fields))
    return [row for row in rows if row.worker not in judged or row.received_at > judged[row.worker]]


def find(project: Project, rows: list[Row], lent: list[Lent]) -> list[Flag]:
    """All tests where answers are categories; else those that need no more than times. Rows of a flag become numbers of answers."""
    return _in_answers(project, rows) + picky_flags(lent)


def _in_answers(project: Project, rows: list[Row]) -> list[Flag]:
    category = task_types.get(project.task_type).category
    labels = label_ids(project.config) if category else []
    workers = len({row.worker for row in rows})
    if len(labels) < 2 or not confusion_fits(3 * workers, len(labels)):
        log = _log(rows, [""] * len(rows), [""])
        return _with_seqs(speed_flags(log) + hurried_flags(log, _hurried(rows)), rows)
    asked = set(labels)
    rows = [row for row in rows if category(row.value) in asked]
    log = _log(rows, [category(row.value) for row in rows], labels)
    gold = _gold(project, log, labels, category)
    found = find_abuse(log, gold) + hurried_flags(log, _hurried(rows))
    apart = {flag.worker for flag in found if flag.kind not in HOLDS_NOTHING}
    return _with_seqs(found + chance_flags(log, gold, apart), rows)


def _hurried(rows: list[Row]) -> np.ndarray:
    return np.array([row.hurried for row in rows], dtype=bool)


def skippers(project: Project) -> list[Lent]:
    """What became of the tasks of those who hand many back. Known items have no place in a batch."""
    many = WorkerRecord.objects.filter(project=project, skips__gte=MIN_SKIPS).values("worker")
    ended = Lease.objects.filter(worker__in=many, batch__project=project, repeats=None).exclude(state=Lease.State.LIVE)
    gold, answered = Q(batch_item=None), Q(state=Lease.State.ANSWERED)
    counted = ended.values("worker").annotate(
        gold_lent=Count("pk", filter=gold),
        gold_answered=Count("pk", filter=gold & answered),
        work_lent=Count("pk", filter=~gold),
        work_answered=Count("pk", filter=~gold & answered),
    )
    return [Lent(**row) for row in counted.order_by("worker")]


def _log(rows: list[Row], answers: list[str], labels: list[str]) -> Log:
    """An answer's number is its time: a phone that was offline sends many at one moment, in the order in which they were given."""
    return Log.from_rows(
        [row.item for row in rows],
        [row.worker for row in rows],
        answers,
        at_s=[row.seq for row in rows],
        took_s=[row.active_ms / 1000 for row in rows],
        labels=labels,
    )


def _gold(project: Project, log: Log, labels: list[str], category: Callable[[dict], str]) -> np.ndarray:
    truths = dict(Gold.objects.filter(project=project, retired_at=None).values_list("item_id", "truth"))
    place = {label: n for n, label in enumerate(labels)}
    known = [truths.get(item) for item in log.votes.item_ids.tolist()]
    return np.array([place.get(category(truth), -1) if truth else -1 for truth in known], dtype=int)


def _with_seqs(flags: list[Flag], rows: list[Row]) -> list[Flag]:
    """Rows of the log, which mean nothing afterwards, become numbers of answers."""
    named = {"first_row": "first_seq", "last_row": "last_seq"}

    def seqs(numbers: Mapping[str, Any]) -> dict[str, Any]:
        return {named.get(key, key): rows[value].seq if key in named else value for key, value in numbers.items()}

    return [replace(flag, numbers=seqs(flag.numbers)) for flag in flags]


@transaction.atomic
def _keep(project: Project, seen: Look, found: list[Flag], row_of: dict[int, Row]) -> None:
    """One look at a time writes; a look that was overtaken by one on more answers leaves that one's word."""
    now = clock.now()
    AbuseCheck.objects.get_or_create(project=project, defaults={"answers_seen": 0, "method": "", "checked_at": now})
    check = AbuseCheck.objects.select_for_update().get(project=project)
    if check.method == VERSION and check.answers_seen > seen.answers:
        return
    keep_flags(project, found, row_of, now)
    WorkerFlag.objects.filter(project=project, closed_at=None, last_seen__lt=now).update(closed_at=now)
    open_flags = WorkerFlag.objects.filter(project=project, closed_at=None)
    let_go(project, set(open_flags.values_list("worker_id", "kind")))
    check.answers_seen, check.last_seq, check.method, check.checked_at = *seen, VERSION, now
    check.save()


def keep_flags(project: Project, found: list[Flag], row_of: dict[int, Row], now: datetime) -> None:
    """Written or written again, in the caller's transaction; what they hold begins with them."""
    WorkerFlag.objects.bulk_create(
        [_flag(project, flag, row_of, now) for flag in found],
        update_conflicts=True,
        unique_fields=["worker", "project", "kind"],
        update_fields=_WRITTEN,
        batch_size=1000,
    )
    hold_pay(project, [(flag.worker, flag.kind) for flag in found if flag.kind not in HOLDS_NOTHING])


def _flag(project: Project, flag: Flag, row_of: dict[int, Row], now: datetime) -> WorkerFlag:
    numbers = dict(flag.numbers)
    partner, ring = numbers.pop("partner", None), numbers.pop("ring", [])
    numbers.pop("changed_at_s", None)
    for seq, moment in (("first_seq", "from"), ("last_seq", "to")):
        if seq in numbers:
            numbers[moment] = row_of[numbers[seq]].received_at.isoformat()
    return WorkerFlag(
        worker_id=flag.worker,
        project=project,
        kind=flag.kind,
        score_ppm=round(1e6 * flag.score),
        p_value=flag.p_value,
        evidence=numbers,
        partners=[] if partner is None else [partner, *(other for other in ring if other != partner)],
        method=VERSION,
        first_seen=now,
        last_seen=now,
        closed_at=None,
    )
