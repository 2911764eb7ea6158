"""What a worker says of a project and asks about it, and what its requester answers. Each is safe to repeat."""

from __future__ import annotations

from functools import reduce
from operator import or_

from django.db import transaction
from django.db.models import Avg, Count, F, Q, QuerySet

from delivery.outbox import emit
from kernel.errors import Conflict, DomainError
from kernel.texts import is_text
from labelling.models import Answer, Lease, Project
from labelling.models.voices import MARKS, NO, TOLD_FROM, Rating, TaskQuestion
from ledger import clock
from people.audit import record
from people.models import Person, Worker

MAX_WORDS = 1000
MAX_WAITING = 3  # questions of one worker about one project that nobody has answered yet
MAX_SHOWN = 20
MAX_BAD = 50


@transaction.atomic
def rate_project(worker: Worker, project: Project, marks: dict[str, int], words: str = "") -> Rating:
    """By who has worked there, once: said again it is the new one that stands. A project that becomes badly rated reaches the admins."""
    _check_words(words, least=0)
    for name in MARKS:
        if marks[name] not in (1, 2, 3):
            raise DomainError("{name} must be 1 (no), 2 (partly) or 3 (yes).", field=name, said={"name": name})
    if not Answer.objects.filter(worker=worker, project=project).exists():
        raise Conflict("Do some of this work first: then say how it was.", field="project", code="not_done")
    _one_after_the_other(project)
    was_bad = is_bad(project)
    said = {**marks, "words": words.strip(), "said_at": clock.now()}
    rating, _ = Rating.objects.update_or_create(project=project, worker=worker, defaults=said)
    if not was_bad and is_bad(project):
        emit("project.disliked", {"project": project.pk})
    return rating


def _one_after_the_other(project: Project) -> None:
    """Who says something of it sees what was said before. Answers to it go on coming meanwhile."""
    list(Project.objects.filter(pk=project.pk).select_for_update(no_key=True).values_list("pk"))


def figures_of(project: Project) -> dict | None:
    """How many said so, and the mean of each mark, 1 to 3, in hundredths; nothing while few have."""
    rated = _rated().filter(pk=project.pk).first()
    return {"raters": vars(rated)["n"]} | _hundredths(rated) if rated else None


def is_bad(project: Project) -> bool:
    return _bad().filter(pk=project.pk).exists()


@transaction.atomic
def ask_requester(worker: Worker, project: Project, words: str) -> TaskQuestion:
    """From a task: what is not clear. Few at a time, so that they can be answered."""
    _check_words(words, least=1)
    if not Lease.objects.filter(worker=worker, batch__project=project).exists():
        raise Conflict("Take a task of this work first: then ask about it.", field="project", code="not_done")
    _one_after_the_other(project)
    waiting = TaskQuestion.objects.filter(worker=worker, project=project, replied_at=None)
    same = waiting.filter(words=words.strip()).first()
    if same is not None:
        return same
    if waiting.count() >= MAX_WAITING:
        raise Conflict("Your questions about this work wait for an answer: ask more when it is here.", code="waiting")
    asked = TaskQuestion.objects.create(worker=worker, project=project, words=words.strip())
    emit("question.asked", {"question": asked.pk, "project": project.pk})
    return asked


@transaction.atomic
def reply(actor: Person, row: Rating | TaskQuestion, words: str) -> None:
    """The requester's word; `row` is locked by the caller. Said again it is the new word that stands."""
    _check_words(words, least=1)
    row.reply, row.replied_by, row.replied_at = words.strip(), actor, clock.now()
    row.save(update_fields=["reply", "replied_by", "replied_at"])
    record(actor, "voice.reply", row)


def _check_words(words: str, least: int) -> None:
    if not is_text(words, MAX_WORDS, least=least):
        raise DomainError("words must be text of at most {most} characters.", field="words", said={"most": MAX_WORDS})


def voices_of(worker: Worker, project: Project) -> dict:
    """What she is told: figures from three raters on, her own word, the newest answered questions, and hers that wait."""
    mine = Rating.objects.filter(project=project, worker=worker).first()
    rows = TaskQuestion.objects.filter(Q(replied_at__isnull=False) | Q(worker=worker), project=project)
    questions = [
        {
            "words": row.words,
            "asked_at": row.asked_at.isoformat(),
            "reply": row.reply,
            "mine": row.worker_id == worker.pk,
        }
        for row in rows.order_by(F("replied_at").desc(nulls_first=True), "-pk")[:MAX_SHOWN]
    ]
    said = {"words": mine.words, "reply": mine.reply} | {name: getattr(mine, name) for name in MARKS} if mine else None
    return {
        "figures": figures_of(project),
        "mine": said,
        "may_rate": Answer.objects.filter(worker=worker, project=project).exists(),
        "questions": questions,
    }


def badly_rated() -> list[dict]:
    """What admins look at, with its figures; worst first, fifty at most."""
    rows = _bad().select_related("organisation").order_by(*(f"-{name}_no" for name in MARKS), "pk")[:MAX_BAD]
    return [{"project": one, "figures": _hundredths(one)} for one in rows]


def _bad() -> QuerySet[Project]:
    """More than half of at least three say no to one of the marks."""
    return _rated().filter(reduce(or_, (Q(**{f"{name}_no__gt": F("n") / 2.0}) for name in MARKS)))


def _rated() -> QuerySet[Project]:
    """Those whose figures are told, with them."""
    noes = {f"{name}_no": Count("ratings", filter=Q(**{f"ratings__{name}": NO})) for name in MARKS}
    means = {f"{name}_mean": Avg(f"ratings__{name}") for name in MARKS}
    return Project.objects.defer("config").annotate(n=Count("ratings"), **noes, **means).filter(n__gte=TOLD_FROM)


def _hundredths(rated: Project) -> dict[str, int]:
    return {name: round(getattr(rated, f"{name}_mean") * 100) for name in MARKS}
