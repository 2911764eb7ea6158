"""One ban with an appeal that waits, and one known task that a worker does not believe in, so that those who decide have something to
decide. Through the product's own verbs."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from consensus.app.models import WorkerFlag
from console.evidence import choices_of
from labelling.conduct.appeal_ban import appeal_ban
from labelling.conduct.ban_worker import ban_worker
from labelling.gold.appeal_gold import appeal_gold
from labelling.models import Answer, Ban, Project
from labelling.models.gold_appeals import GoldAppeal
from people.models import Person, Worker

SENTENCE = "Nearly all of your answers here are the same label, whatever the review says. Please read each one before you answer."
WORDS = "The first reviews that I was given were nearly all happy ones, so I answered what I saw. Please look at them again."
MISS_WORDS = "I read it three times and still find it as I said. Please look at it again."


def ban_and_appeal(maker: Person, worker: Worker, project: Project) -> Ban:
    """For what was found about her in the project. Somebody other than `maker` has the appeal to decide."""
    flags = WorkerFlag.objects.filter(worker=worker, project=project, closed_at=None).select_related("project")
    records = worker.records.filter(project=project).select_related("project")
    evidence = [choice.entry for choice in choices_of(flags, records, "en")]
    until = timezone.now() + timedelta(days=14)
    ban = ban_worker(
        maker, worker, project, reason=Ban.Reason.UNREAD, sentence=SENTENCE, until=until, evidence=evidence
    )
    appeal_ban(worker, ban.pk, WORDS)
    return ban


def question_a_miss(project: Project, but: Worker) -> GoldAppeal:
    """By whoever missed one last; `but` has an appeal of her own."""
    missed = Answer.objects.filter(project=project, gold_right=False).exclude(worker=but).select_related("worker")
    answer = missed.latest("received_at")
    return appeal_gold(answer.worker, answer.pk, MISS_WORDS)
