"""The thread of a project: who does its work and who asks speak to each other in the open (docs/decisions/voices.md)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.db.models import Count, Min, Q, QuerySet

from delivery.outbox import emit
from kernel.errors import Conflict, DomainError
from kernel.texts import is_text
from labelling.models import Lease, Post, PostReport, Project
from labelling.models.bans import Ban, standing
from ledger import clock
from people.audit import record
from people.models import Person, Worker

MAX_WORDS = 1000
MOST, WITHIN = (
    6,
    timedelta(hours=1),
)  # of one worker in all threads: who talks writes few long ones, who floods many short ones
MAX_WAITING = 50
# What leads elsewhere: addresses, e-mail, numbers that a phone calls. Who is hurt there is hurt where nobody of ours can look.
_LEADS_OUT = re.compile(
    r"://|\bwww\.|\w@\w|\b[\w-]+\.(?:com|org|net|info|io|co|me|ly|app|link|xyz|site|online|shop|ru|za|ke|ng)\b|\+?\d(?:[\s().-]?\d){8,}",
    re.IGNORECASE,
)


@transaction.atomic
def say_as_worker(worker: Worker, project: Project, words: str) -> Post:
    """By who has had a task there and is not banned. The same words again within the hour are the same post."""
    said = _checked(words)
    if not Lease.objects.filter(worker=worker, batch__project=project).exists():
        raise Conflict("Take a task of this work first: then speak about it.", field="project", code="not_done")
    if Ban.objects.filter(Q(project=None) | Q(project=project), standing(), worker=worker).exists():
        raise Conflict("Who is banned may read here, and speaks again when the ban is over.", code="banned")
    Worker.objects.select_for_update(no_key=True).get(
        pk=worker.pk
    )  # one post after the other, so that they are counted
    lately = Post.objects.filter(worker=worker, said_at__gt=clock.now() - WITHIN)
    same = lately.filter(project=project, words=said, taken_down_at=None).first()
    if same is not None:
        return same
    if lately.count() >= MOST:
        raise Conflict(
            "You have written {most} times within an hour: go on a little later.", code="too_often", said={"most": MOST}
        )
    return Post.objects.create(project=project, worker=worker, words=said)


@transaction.atomic
def say_as_requester(actor: Person, project: Project, words: str) -> Post:
    """The caller has authorised; `project` is locked."""
    said = _checked(words)
    same = Post.objects.filter(project=project, member=actor, words=said, said_at__gt=clock.now() - WITHIN)
    post = same.first() or Post.objects.create(project=project, member=actor, words=said)
    record(actor, "post.say", post)
    return post


def _checked(words: str) -> str:
    if not is_text(words, MAX_WORDS):
        raise DomainError("words must be text of at most {most} characters.", field="words", said={"most": MAX_WORDS})
    if _LEADS_OUT.search(words):
        raise DomainError("Write no links, addresses or phone numbers here.", field="words", code="leads_out")
    return words.strip()


def posts_of(project: Project) -> QuerySet[Post]:
    """Those that are shown."""
    return Post.objects.filter(project=project, taken_down_at=None).select_related("worker", "project__organisation")


@transaction.atomic
def report_post(person: Person, post: Post) -> None:
    """Safe to repeat. A report alone takes nothing down: nobody can silence another."""
    _, is_new = PostReport.objects.get_or_create(post=post, person=person)
    if is_new and post.reports.filter(decided_at=None).count() == 1:
        emit("post.reported", {"post": post.pk, "project": post.project_id})


def reported_posts() -> Sequence[Post]:
    """Those that wait for an admin, who waits longest first, with how many have reported each as `n`."""
    waits = Q(reports__decided_at=None)
    rows = Post.objects.annotate(n=Count("reports", filter=waits), first=Min("reports__made_at", filter=waits))
    rows = rows.filter(n__gte=1, taken_down_at=None).select_related("worker", "member", "project__organisation")
    return list(rows.order_by("first", "pk")[:MAX_WAITING])


@transaction.atomic
def decide_post(actor: Person, post: Post, *, take_down: bool) -> None:
    """An admin's word on the reports that wait; `post` is locked by the caller."""
    now = clock.now()
    if not post.reports.filter(decided_at=None).update(decided_at=now, decided_by=actor):
        raise Conflict("Somebody has decided this already.", code="decided")
    if take_down:
        post.taken_down_at, post.taken_down_by = now, actor
        post.save(update_fields=["taken_down_at", "taken_down_by"])
    record(actor, "post.decide", post, take_down=take_down)
