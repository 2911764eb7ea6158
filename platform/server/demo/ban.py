"""One ban with an appeal that waits, so that an admin's pages have something to decide. Through the product's own verbs."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from consensus.app.models import WorkerFlag
from console.evidence import choices_of
from labelling.actions.appeal_ban import appeal_ban
from labelling.actions.ban_worker import ban_worker
from labelling.models import Ban, Project
from people.models import Person, Worker

SENTENCE = "Nearly all of your answers here are the same label, whatever the review says. Please read each one before you answer."
WORDS = "The first reviews that I was given were nearly all happy ones, so I answered what I saw. Please look at them again."


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
