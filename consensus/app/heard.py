"""Whose answers are heard in a decision, and which items wait for a look. Reading only; why: docs/decisions/tempo.md."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import timedelta

from django.db.models import F, Q

from labelling.conduct.holds import FIRST_DAY_KIND
from labelling.models import Answer, Project
from labelling.models.bans import Ban, standing
from labelling.models.holds import PayHold
from labelling.task_types.votes import Task
from labelling.work.tempo import NEW_UNTIL
from ledger import clock

LOOK_WITHIN = timedelta(seconds=30)  # two looks at newcomers: whoever waits for one waits no longer


# What a person found of the answers themselves; who lent an account or misused data may have answered well.
NOT_HER_OWN = (Ban.Reason.UNREAD, Ban.Reason.COPIED, Ban.Reason.AUTOMATED, Ban.Reason.ACCOUNTS)


def unheard_in(project: Project) -> set[str]:
    """Annotators of whom a flag stands that holds their pay in this project, or a ban for their answers: machines, as far as is
    known now. A hold on money ends after 72 hours; what a person has found since then holds as long as the ban."""
    held = PayHold.objects.filter(project=project, ended_at=None, until__gt=clock.now()).exclude(kind=FIRST_DAY_KIND)
    here = Q(project=project) | Q(project=None)
    banned = Ban.objects.filter(here, standing(), reason__in=NOT_HER_OWN)
    return {
        f"worker:{pk}"
        for pk in held.values_list("worker").union(banned.values_list("worker")).values_list("worker", flat=True)
    }


def heard_of(task: Task, unheard: set[str]) -> Task:
    """The task without their votes; as it is when nobody else answered, for then there is nothing else to decide by."""
    if not answers_of(task, unheard):
        return task
    return replace(task, votes=[vote for vote in task.votes if vote.annotator not in unheard])


def answers_of(task: Task, unheard: Collection[str] = ()) -> int:
    """How many of the votes are answers, without theirs."""
    return sum(vote.seq >= 0 and vote.annotator not in unheard for vote in task.votes)


def stand_ins(task: Task) -> int:
    """1 where a judge voted that may take the place of one of the people: of one, however many judges there are."""
    return int(any(vote.stands_in for vote in task.votes))


def weights_of(task: Task, heard: Task, weights: list[list[int]], labels: int) -> list[list[int]]:
    """A row for each vote of the task: of who is not heard it is zero, so whoever adds the rows up comes to the same."""
    row_of = dict(zip((vote.seq for vote in heard.votes), weights, strict=bool(weights)))
    return [row_of.get(vote.seq, [0] * labels) for vote in task.votes]


def waiting_for_a_look(items: Iterable[int]) -> set[int]:
    """Those of the items that have an answer of a newcomer which no look has covered, and which came just now."""
    fresh = Answer.objects.filter(item__in=list(items), counted=True, received_at__gt=clock.now() - LOOK_WITHIN)
    new = fresh.filter(worker__pace__recorded=False, worker__pace__seen__lt=NEW_UNTIL)
    return set(new.filter(worker__pace__seen__lt=F("worker__pace__answers")).values_list("item", flat=True))
