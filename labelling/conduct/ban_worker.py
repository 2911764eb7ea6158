"""Ban a worker from a project, or from all work: by an admin, for a reason, on evidence, until a date."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from delivery.outbox import emit
from kernel.errors import Conflict, DomainError, Forbidden
from labelling.conduct.end_bans import mark_what_ran_out
from labelling.conduct.evidence import check_evidence
from labelling.models import Project
from labelling.models.bans import MAX_PROJECT, MAX_SITE, UNDONE, Ban
from labelling.work.take_back import take_back
from ledger import clock
from people.access import require_admin
from people.audit import record
from people.models import Person, Worker

MIN_WORDS, MAX_WORDS = 10, 1000
Reason = Ban.Reason
# About her answers in a project: these need evidence, and a project's ban comes before one from all work.
HOARDS = (Reason.AUTOMATED, Reason.ACCOUNTS)
OF_WORK = (Reason.UNREAD, Reason.COPIED, Reason.AUTOMATED)


@transaction.atomic
def ban_worker(
    actor: Person,
    worker: Worker,
    project: Project | None,
    *,
    reason: str,
    sentence: str,
    until: datetime,
    evidence: list[dict],
) -> Ban:
    """She draws no work there until then. All that she has earned stays hers, and so do the leases that she holds, unless the ban
    is about machines or accounts: a hoard of tasks is no work that she has begun."""
    require_admin(actor)
    if actor.pk == worker.person_id:
        raise Forbidden("Nobody bans herself: ask another admin.", code="own_ban")
    now = clock.now()
    _check_words(reason, sentence)
    _check_until(until, now, project)
    if not check_evidence(evidence) and reason in OF_WORK:
        raise DomainError("Choose the evidence that this ban stands on.", field="evidence")
    Worker.objects.select_for_update(no_key=True).get(pk=worker.pk)  # one ban at a time; her answers do not wait
    _check_scope(worker, project, reason)
    _check_unused(worker, evidence)
    ban = Ban.objects.create(
        worker=worker, project=project, reason=reason, sentence=sentence.strip(), evidence=evidence, starts_at=now,
        until=until, made_by=actor,
    )  # fmt: skip
    where = project.pk if project else None
    taken = take_back(worker, where) if reason in HOARDS else 0
    said = {"worker": worker.pk, "project": where, "reason": reason, "until": until.isoformat()}
    record(actor, "bans.ban_worker", ban, taken_back=taken, **said)
    emit("ban.made", {"ban": ban.pk, "worker": worker.pk, "project": where})
    return ban


def _check_words(reason: str, sentence: str) -> None:
    if reason not in Reason.values:
        raise DomainError(
            "reason must be one of {choices}.", field="reason", said={"choices": ", ".join(Reason.values)}
        )
    if not isinstance(sentence, str) or not MIN_WORDS <= len(sentence.strip()) <= MAX_WORDS:
        raise DomainError(
            "Tell her why in {least} to {most} characters: she reads this sentence.",
            field="sentence",
            said={"least": MIN_WORDS, "most": MAX_WORDS},
        )


def _check_until(until: datetime, now: datetime, project: Project | None) -> None:
    most = MAX_PROJECT if project else MAX_SITE
    if not isinstance(until, datetime) or timezone.is_naive(until) or not now < until <= now + most:
        raise DomainError(
            "The end must be a time within the next {days} days.", field="until", said={"days": most.days}
        )


def _check_scope(worker: Worker, project: Project | None, reason: str) -> None:
    """One standing ban for each scope; from all work only after a project's that was not undone, unless it is about the account."""
    mark_what_ran_out(worker)
    bans = Ban.objects.filter(worker=worker)
    if bans.filter(project=project, lifted_at=None).exists():
        raise Conflict(
            "She is banned there already: lift that ban, or decide its appeal, first.",
            field="project",
            code="banned_already",
        )
    first = bans.exclude(project=None).exclude(lifted_because__in=UNDONE)
    if project is None and reason in OF_WORK and not first.exists():
        raise DomainError("For her answers, ban her from a project first: all work comes after that.", field="project")


def _check_unused(worker: Worker, evidence: list[dict]) -> None:
    """What she has won an appeal against is not held against her again."""
    won = Ban.objects.filter(worker=worker, lifted_because__in=(Ban.Because.APPEAL, Ban.Because.SILENCE))
    judged = [one for entries in won.values_list("evidence", flat=True) for one in entries]
    if any(one in judged for one in evidence):
        raise DomainError("She won an appeal against this very evidence: it cannot be used again.", field="evidence")
