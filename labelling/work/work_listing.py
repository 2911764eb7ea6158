"""What a worker is shown: batches on offer with their wage, and her own history. Reading only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet, Sum

from kernel.errors import NotFound
from labelling import task_types
from labelling.batches import pay
from labelling.batches.escrow import fee_micro
from labelling.batches.exam_length import needed
from labelling.batches.measured import MEASURED_FROM, middle_half_ms
from labelling.batches.queue import IS_WANTED
from labelling.models import Answer, Ban, Batch, Lease, Project, QuestionVersion, Sitting, WorkerRecord, belts
from labelling.models.bans import standing
from labelling.models.gold_appeals import ASK_WITHIN, GoldAppeal
from labelling.models.teams import for_team_of
from labelling.projects.examples import examples_of
from labelling.projects.spoken import heard
from labelling.work.consent import agreed_by
from labelling.work.exam_results import exam_tasks_left, exams_before
from ledger import clock
from people.models import Membership, Worker

HISTORY_PAGE = 50

# One row of the draw index tells whether anything is left; counting stops at 100 so that it costs the same for every batch.
# Known tasks that she has not answered are taken off: the number falls by one with each task, whatever it was. The last one stays.
_OPEN = f"""
SELECT b.id, CASE WHEN batch.training THEN examples.n WHEN capped.n = 0 THEN 0 ELSE least(100, greatest(1, capped.n - known.n)) END
  FROM unnest(%(batches)s::bigint[]) AS b(id) JOIN labelling_batch batch ON batch.id = b.id
  CROSS JOIN LATERAL (SELECT least((SELECT coalesce(sum("left"), 0) FROM labelling_goldpurse p WHERE p.batch_id = b.id),
                                   (SELECT count(*) FROM labelling_gold g
                                     WHERE batch.training AND g.project_id = batch.project_id AND g.training AND NOT g.exam
                                       AND g.retired_at IS NULL
                                       AND NOT EXISTS (SELECT 1 FROM labelling_lease l
                                                        WHERE l.item_id = g.item_id AND l.worker_id = %(worker)s))) AS n) AS examples
  CROSS JOIN LATERAL (SELECT count(*) AS n FROM labelling_lease l
                       WHERE l.worker_id = %(worker)s AND l.batch_id = b.id AND l.batch_item_id IS NULL AND l.state <> 'answered') AS known
  CROSS JOIN LATERAL (SELECT count(*) AS n FROM (SELECT 1 FROM labelling_batchitem bi
                WHERE bi.batch_id = b.id AND {IS_WANTED}
                  AND NOT EXISTS (SELECT 1 FROM labelling_lease l WHERE l.item_id = bi.item_id AND l.worker_id = %(worker)s)
                LIMIT 100 + known.n) AS one) AS capped
"""  # noqa: S608  constants only


MAX_OFFERS, OFFERS_PAGE = 200, 20  # a page is about 10 kB: her data are dear
OFFER_PAGES = MAX_OFFERS // OFFERS_PAGE
_IN_LIST = (
    "id",
    "base_micro",
    "bonus_micro",
    "topped_micro",
    "fee_bps",
    "currency",
    "offer_hash",
    "task_bytes",
    "lease_s",
    "pack_s",
    "deadline",
    "training",
    "exam_tasks",
    "exam_seats",
    "project",
)
_OF_PROJECT = (
    "title",
    "titles",
    "task_type",
    "medium",
    "language",
    "estimated_task_s",
    "asks_belt",
    "asks_exam",
    "warnings",
    "organisation__name",
)


def offers_for(worker: Worker, page: int = 1) -> tuple[list[dict], bool]:
    """A page of the open batches with work left for her, best wage first, and whether there are more; none from where she is banned or
    belongs, for a team that is not hers, whose money was taken back, or that is paused. What a task needs comes with offer_of(): a list
    is read often."""
    batches = list(_on_offer(worker).order_by("-id")[:MAX_OFFERS])
    left = _open_items(worker, [batch.pk for batch in batches])
    times = _measured_ms([batch.project_id for batch in batches])
    left |= exam_tasks_left(worker, batches)
    language, asked = worker.person.language, Asked(_evidence(worker, batches), exams_before(worker, batches))
    shown = [_offer(one, language, left[one.pk], times.get(one.project_id), asked) for one in batches if left[one.pk]]
    shown.sort(key=lambda offer: -offer["wage_micro_per_hour"])
    end = page * OFFERS_PAGE
    return shown[end - OFFERS_PAGE : end], len(shown) > end


@dataclass(frozen=True)
class Asked:
    """What work may ask of her before she draws: of belts, what hers are made of; of exams, those that she has not passed."""

    evidence: dict[belts.Kind, belts.Evidence]
    exams: dict[int, dict]


def has_new_work(worker: Worker, since: datetime) -> bool:
    """Whether something was opened since then that she may do now: of a kind that she has done before, or of any where she is new."""
    done = set(belts.evidence_of(worker))
    opened = _on_offer(worker).filter(opened_at__gt=since).order_by("-id")[:MAX_OFFERS]
    batches = [one for one in opened if not done or (one.project.task_type, one.project.medium) in done]
    left = _open_items(worker, [one.pk for one in batches]) | exam_tasks_left(worker, batches)
    asked = Asked(_evidence(worker, batches), exams_before(worker, batches))
    return any(left[one.pk] and _may_draw(one, asked) for one in batches)


def _may_draw(batch: Batch, asked: Asked) -> bool:
    return batch.training or (_missing(batch, asked.evidence) is None and batch.project_id not in asked.exams)


def _evidence(worker: Worker, batches: list[Batch]) -> dict[belts.Kind, belts.Evidence]:
    """What her belts are made of, read only where one is asked for."""
    return belts.evidence_of(worker) if any(one.project.asks_belt != belts.SEED for one in batches) else {}


def _missing(batch: Batch, evidence: dict[belts.Kind, belts.Evidence]) -> dict | None:
    """The belt that she has not yet, and how far it is; None: she may draw."""
    if batch.training:
        return None
    project, hers = batch.project, evidence.get((batch.project.task_type, batch.project.medium), belts.NOTHING)
    if belts.has(hers, project.asks_belt):
        return None
    return {"belt": project.asks_belt, "right_needed": hers.right_needed(project.asks_belt)}


def _on_offer(worker: Worker) -> QuerySet[Batch]:
    now = clock.now()
    banned = Ban.objects.filter(Q(project=None) | Q(project=OuterRef("project")), standing(), worker=worker)
    own = Membership.objects.filter(organisation=OuterRef("project__organisation"), person=worker.person_id)
    had = Lease.objects.filter(
        worker=worker,
        batch__training=True,
        batch__exam_tasks=0,
        batch__project__task_type=OuterRef("project__task_type"),
        batch__project__medium=OuterRef("project__medium"),
    ).exclude(batch__project=OuterRef("project"))
    trained = Q(training=True, exam_tasks=0) & Exists(had)
    open_now = Q(state=Batch.State.OPEN, owing_at=None, paused_at=None, stopped_at=None) & readable_by(worker)
    open_now &= for_team_of(worker, "project__")
    rows = Batch.objects.filter(
        open_now, ~trained, ~Exists(banned), ~Exists(own), Q(deadline=None) | Q(deadline__gt=now)
    )
    related = (f"project__{name}" for name in _OF_PROJECT)
    rows = rows.exclude(project__warnings__overlap=worker.avoids) if worker.avoids else rows
    return rows.select_related("project__organisation").only(*_IN_LIST, *related)


def readable_by(worker: Worker) -> Q:
    """Texts and sounds in languages that she works in; who was not asked yet sees all but what she said no to. A picture is asked
    about in her own language (instructions and labels come in several), so it is for everybody, unless something is to be written."""
    in_words = [kind.name for kind in task_types.every() if kind.writes_words]
    for_everybody = Q(project__medium=Project.Medium.IMAGE) & ~Q(project__task_type__in=in_words)
    hers = _in(worker.reads) if worker.reads else Q()
    return for_everybody | (hers & ~_in(worker.reads_not))


def _in(languages: list[str]) -> Q:
    found = Q(project__language__in=languages)
    for one in languages:
        found |= Q(project__language__startswith=f"{one}-")
    return found


def offer_of(worker: Worker, batch: Batch, question_id: int | None = None) -> dict:
    """One offer with all that its tasks need: how it is done, in her language, with examples, and the labels; as it is asked now, or in
    the version that a task of hers names."""
    project = batch.project
    measured_ms, left = _measured_ms([project.pk]).get(project.pk), _open_items(worker, [batch.pk])
    left |= exam_tasks_left(worker, [batch])
    asked_of_her = Asked(_evidence(worker, [batch]), exams_before(worker, [batch]))
    offer = _offer(batch, worker.person.language, left[batch.pk], measured_ms, asked_of_her)
    asked = project if question_id in (None, project.question_id) else _version(project, question_id)
    told = {"instructions": _in_language(asked.instructions, worker), "config": asked.config}
    examples = examples_of(project, worker.person.language)
    told |= {"half_took_s": _seconds(middle_half_ms(project.pk)), "agreed": agreed_by(worker, project)}
    told |= {"spoken": heard(project, told["instructions"])}
    return offer | told | {"examples": examples, "question": question_id or project.question_id}


def _seconds(half: tuple[int, int] | None) -> dict | None:
    return {"low": max(1, round(half[0] / 1000)), "high": max(1, round(half[1] / 1000))} if half else None


def _version(project: Project, question_id: int) -> QuestionVersion:
    found = QuestionVersion.objects.filter(project=project, pk=question_id).first()
    if found is None:
        raise NotFound()
    return found


def _in_language(texts: dict[str, str], worker: Worker) -> dict[str, str]:
    """Hers, or else English, or else whichever there is."""
    chosen = next((one for one in (worker.person.language, "en", *texts) if texts.get(one)), None)
    return {chosen: texts[chosen]} if chosen else {}


def _open_items(worker: Worker, batch_ids: list[int]) -> dict[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, {"worker": worker.pk, "batches": batch_ids})
        return dict(cursor.fetchall())


def _measured_ms(project_ids: list[int]) -> dict[int, int]:
    """Mean active time of an answer in a project, where enough were measured: of people, as in labelling/batches/measured.py."""
    sums = (
        WorkerRecord.objects.filter(project__in=project_ids)
        .exclude(worker__pace__recorded=True)
        .values("project")
        .annotate(n=Sum("answers"), ms=Sum("active_ms"))
    )
    return {row["project"]: row["ms"] // row["n"] for row in sums if row["n"] >= MEASURED_FROM and row["ms"]}


def _offer(
    batch: Batch,
    language: str,
    open_items: int,
    measured_ms: int | None,
    asked: Asked,
) -> dict:
    project = batch.project
    task_ms = measured_ms or project.estimated_task_s * 1000
    return {
        "batch": batch.pk,
        "project": project.pk,
        "title": project.title_in(language),
        "requester": project.organisation.name,
        "task_type": project.task_type,
        "medium": project.medium,
        "language": project.language,
        "base_micro": batch.base_micro,
        "bonus_micro": batch.bonus_micro,
        "topped_micro": batch.topped_micro,
        "fee_micro": fee_micro(batch.base_micro, batch.fee_bps),
        "currency": batch.currency,
        "task_s": max(1, round(task_ms / 1000)),
        "task_time_measured": measured_ms is not None,
        "wage_micro_per_hour": pay.wage_micro_per_hour(batch.base_micro + batch.topped_micro, task_ms),
        "open_items": open_items,
        "asks_belt": project.asks_belt,
        "warnings": project.warnings,
        "missing": _missing(batch, asked.evidence),
        "exam_missing": None if batch.training else asked.exams.get(project.pk),
        "training": batch.training,
        "exam_tasks": batch.exam_tasks,
        "exam_needed": needed(batch.exam_tasks),
        "bytes_per_task": batch.task_bytes,
        "offer_hash": batch.offer_hash,
        "lease_s": batch.lease_s,
        "pack_s": batch.pack_s,  # tasks that are taken along are hers so long; 0: none may be
        "late_s": settings.LEASE_GRACE_S,  # an answer without signal may be sent that much later
        "deadline": batch.deadline.isoformat() if batch.deadline else None,
    }


def history_of(worker: Worker, before: int | None) -> list[dict]:
    """Her answers, newest first, with what became of each."""
    rows = _history(worker).filter(seq__lt=before) if before else _history(worker)
    return [_line(answer, worker.person.language) for answer in rows.order_by("-seq")[:HISTORY_PAGE]]


def _history(worker: Worker) -> QuerySet[Any]:
    sits = Sitting.objects.filter(worker=worker, batch=OuterRef("batch"), ended_at=None, batch__state=Batch.State.OPEN)
    rows = Answer.objects.filter(worker=worker).select_related(
        "project", "batch", "settlement", "top_up", "gold_appeal"
    )
    return rows.defer("project__config", "batch__offer").annotate(sitting=Exists(sits))


def lines_of(worker: Worker, answer_ids: list[UUID]) -> list[dict]:
    """The lines of her history of these answers, in this order."""
    rows = _history(worker).filter(pk__in=answer_ids).in_bulk()
    return [_line(rows[answer], worker.person.language) for answer in answer_ids]


def _line(answer: Any, language: str) -> dict:
    """In the middle of an exam nobody tells what was right."""
    right = None if answer.sitting else answer.gold_right
    settled, appeal = getattr(answer, "settlement", None), getattr(answer, "gold_appeal", None)
    top_up = getattr(answer, "top_up", None)
    return {
        "answer": str(answer.pk),
        "seq": answer.seq,
        "project": answer.project_id,
        "title": answer.project.title_in(language),
        "task_type": answer.project.task_type,
        "value": answer.value,
        "at": answer.received_at.isoformat(),
        "base_micro": answer.base_micro,
        "bonus_micro": settled.bonus_micro if settled else None,
        "top_up_micro": top_up.amount_micro if top_up else 0,
        "fee_micro": fee_micro(answer.base_micro + (settled.bonus_micro if settled else 0), answer.batch.fee_bps),
        "score_bps": settled.score_bps if settled else None,
        "currency": answer.receipt["currency"],
        "state": "settled" if settled else "pending",
        "agreed": settled.agreed if settled else None,
        "gold_right": right,
        "taught": settled.taught if settled else False,
        "appeal": appeal_in_words(appeal) if appeal else None,
        "may_appeal": right is False and appeal is None and answer.received_at > clock.now() - ASK_WITHIN,
        "receipt": {"body": answer.receipt, "signature": answer.receipt_signature},
    }


def appeal_in_words(appeal: GoldAppeal) -> dict:
    """As she reads it: who decided is told to nobody."""
    return {
        "words": appeal.words,
        "answer_by": appeal.answer_by.isoformat(),
        "outcome": appeal.outcome,
        "reply": appeal.reply,
        "paid_micro": appeal.paid_micro,
    }
