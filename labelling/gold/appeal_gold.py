"""Appeal against a missed known task: once for each answer, within two weeks. Somebody who was not involved looks within
72 hours, or it is won."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from delivery.outbox import emit
from kernel.errors import Conflict, DomainError
from kernel.texts import is_text
from labelling.access import get_answer_for
from labelling.gold.judge_sittings import is_sitting
from labelling.models import Answer
from labelling.models.gold_appeals import ASK_WITHIN, MAX_WAITING, GoldAppeal
from ledger import clock
from people.audit import record
from people.models import Membership, Worker

MAX_WORDS = 1000


@transaction.atomic
def appeal_gold(worker: Worker, answer_id: UUID, words: str = "") -> GoldAppeal:
    """Words are welcome and not asked for. Safe to repeat with the same words."""
    if not is_text(words, MAX_WORDS, least=0):
        raise DomainError(
            "words must be text of at most {most} characters.", field="words", code="words", said={"most": MAX_WORDS}
        )
    answer = get_answer_for(worker, answer_id)
    Worker.objects.select_for_update(no_key=True).get(pk=worker.pk)  # one appeal at a time; her answers do not wait
    known = GoldAppeal.objects.filter(answer=answer).first()
    if known is not None:
        return _the_same(known, words.strip())
    now = clock.now()
    _check_may_ask(answer, now)
    if Membership.objects.filter(person=worker.person_id, organisation=answer.project.organisation_id).exists():
        raise Conflict(
            "This is work of an organisation that you belong to: what is right there is for you all to settle.",
            code="own_organisation",
        )
    if GoldAppeal.objects.filter(worker=worker, decided_at=None).count() >= MAX_WAITING:
        raise Conflict(
            "{most} of your appeals wait for an answer: make this one when one of them is answered.",
            code="too_many",
            said={"most": MAX_WAITING},
        )
    appeal = GoldAppeal.objects.create(answer=answer, worker=worker, words=words.strip(), made_at=now)
    record(worker.person, "gold_appeals.appeal_gold", answer)
    told = {"answer": str(answer.pk), "worker": worker.pk, "project": answer.project_id}
    emit("miss.appealed", told | {"answer_by": appeal.answer_by.isoformat()})
    return appeal


def _check_may_ask(answer: Answer, now: datetime) -> None:
    if is_sitting(answer.worker_id, answer.batch_id):
        raise Conflict(
            "You are in the middle of this exam: its misses are told, and can be questioned, at its end.",
            code="sitting",
        )
    if answer.gold_right is not False:
        raise Conflict("This answer was not counted as a miss: there is nothing to appeal against.", code="not_missed")
    if answer.received_at < now - ASK_WITHIN:
        raise Conflict(
            "An appeal can be made in the first {days} days after the answer.",
            code="too_late",
            said={"days": ASK_WITHIN.days},
        )


def _the_same(known: GoldAppeal, words: str) -> GoldAppeal:
    if known.words != words and words:
        raise Conflict("You have appealed already: your first words stand.", code="appealed")
    return known
