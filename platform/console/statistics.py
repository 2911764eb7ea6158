"""What a project page shows in figures: read from the rows at the moment of asking, a fixed number of queries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Avg, Count, F, Max, Min, Q, Sum
from django.db.models.functions import Coalesce, Floor

from consensus.app.models import Skill
from labelling.batches import queue
from labelling.models import Answer, Batch, BatchItem, Decision, LabelRequest, Project
from labelling.models.golds import decisions_of_work, items_to_decide
from labelling.task_types.votes import CROWD
from labelling.work.side_bias import SideBias, side_bias_of
from ledger import clock
from ledger.factories import fee_of
from ledger.reading import balances

RECENT = timedelta(hours=1)
LONGEST_S = 10 * 365 * 86_400  # a forecast beyond ten years has no date


@dataclass(frozen=True)
class Progress:
    items: int
    decided: int
    sure: int
    by_model: int
    agreement_ppm: int | None
    confidence_ppm: int | None
    answers: int
    settled: int
    pay_micro: int  # earned by workers so far, pending base included
    fee_micro: int
    answer_ms: float | None  # mean active time of one answer
    answers_an_hour: float | None
    last_answer_at: datetime | None
    asked: int  # answers that open items still want
    is_live: bool
    currency: str
    beyond_chance: dict | None  # see measure_agreement; measured when skills are learned
    softening: dict | None  # of consensus.core.labels.softening: what the confidence rests on
    side: SideBias | None  # where each loan shows the parts in an order of its own
    checked: dict | None  # of consensus.app.actions.set_bar: known items that would be called sure, and were right

    @property
    def share(self) -> float:
        return self.decided / self.items if self.items else 0.0

    @property
    def cost_micro(self) -> int:
        return self.pay_micro + self.fee_micro

    @property
    def cost_per_label_micro(self) -> int | None:
        return self.cost_micro // self.decided if self.decided else None

    @property
    def answers_per_item(self) -> float | None:
        by_people = self.decided - self.by_model
        return self.answers / by_people if by_people else None

    @property
    def answers_to_come(self) -> int:
        """At least what is asked now; with some experience, what undecided items took on average so far."""
        usual = round((self.items - self.decided) * self.answers_per_item) if self.answers_per_item else 0
        return max(self.asked, usual) if self.is_live else 0

    @property
    def time_left_s(self) -> float | None:
        if not self.answers_an_hour or not self.is_live:
            return None
        return self.answers_to_come / self.answers_an_hour * 3600

    @property
    def cost_to_come_micro(self) -> int | None:
        return self.answers_to_come * self.cost_micro // self.answers if self.answers and self.is_live else None

    @property
    def wage_micro_per_hour(self) -> int | None:
        paid = self.pay_micro // self.answers if self.answers else 0
        return round(paid * 3_600_000 / self.answer_ms) if self.answer_ms else None


def progress_of(project: Project) -> Progress:
    batches = list(Batch.objects.filter(project=project).values_list("pk", "state", "currency"))
    fees = balances([fee_of(pk) for pk, _, _ in batches]) if batches else {}
    return Progress(
        items=items_to_decide(project).count(),
        fee_micro=sum(fees.values()),
        asked=_asked(project),
        is_live=any(state == Batch.State.OPEN for _, state, _ in batches),
        currency=batches[0][2] if batches else "USD",
        side=side_bias_of(project),
        **_of_crowd(project),
        **_decided(project),
        **_answered(project),
    )


def _of_crowd(project: Project) -> dict:
    crowd = Skill.objects.filter(project=project, annotator=CROWD)
    found: Mapping[str, Any] = crowd.values("summary__agreement", "summary__checked", "tables__softening").first() or {}
    return {
        "beyond_chance": found.get("summary__agreement"),
        "softening": found.get("tables__softening"),
        "checked": found.get("summary__checked"),
    }


def _decided(project: Project) -> dict:
    counted = decisions_of_work(project).aggregate(
        decided=Count("pk"),
        sure=Count("pk", filter=Q(sure=True)),
        by_model=Count("pk", filter=Q(source=Decision.Source.MODEL)),
        agreement_ppm=Avg("agreement_ppm"),
        confidence_ppm=Avg("confidence_ppm"),
    )
    figures = {name: None if value is None else int(value) for name, value in counted.items()}
    by_model_alone = _answered_by_model_alone(project)
    return figures | {name: counted[name] + by_model_alone for name in ("decided", "sure", "by_model")}


def _answered_by_model_alone(project: Project) -> int:
    """Items that came by the label API and that the model was sure of: nobody else need decide them."""
    answered = LabelRequest.objects.filter(project=project, source="model").exclude(item__decision__final=True)
    return answered.values("item").distinct().count()


def _answered(project: Project) -> dict:
    since = clock.now() - RECENT
    found = Answer.objects.filter(project=project).aggregate(
        answers=Count("pk"),
        settled=Count("settlement"),
        pay_micro=Coalesce(Sum(F("base_micro") + Coalesce(F("settlement__bonus_micro"), 0)), 0),
        answer_ms=Avg("active_ms"),
        recent=Count("pk", filter=Q(received_at__gte=since)),
        first=Min("received_at"),
        last=Max("received_at"),
    )
    first, last, recent = found.pop("first"), found.pop("last"), found.pop("recent")
    return {
        **found,
        "pay_micro": int(found["pay_micro"]),
        "last_answer_at": last,
        "answers_an_hour": _rate(recent, first),
    }


def _rate(recent: int, first: datetime | None) -> float | None:
    """Answers an hour as people work now; None while nobody does, because then no time can be foretold."""
    if not recent or first is None:
        return None
    worked = min(RECENT, max(clock.now() - first, timedelta(minutes=1)))
    return recent / (worked / timedelta(hours=1))


def _asked(project: Project, batch: Batch | None = None) -> int:
    """Answers that the open items of the project, or of one of its batches, want at least."""
    where = {"batch__project": project, "batch__state": Batch.State.OPEN} if batch is None else {"batch": batch}
    return queue.asked(BatchItem.objects.filter(**where))


@dataclass(frozen=True)
class Forecast:
    """When a batch will be done as people work now; left_s None while nobody does."""

    left_s: float | None
    done_at: datetime | None
    is_late: bool  # the deadline comes first


def answered_in(batch: Batch) -> dict:
    since = clock.now() - RECENT
    return Answer.objects.filter(batch=batch).aggregate(
        n=Count("pk"), ms=Avg("active_ms"), workers=Count("worker", distinct=True),
        recent=Count("pk", filter=Q(received_at__gte=since)), first=Min("received_at"),
    )  # fmt: skip


def forecast_of(batch: Batch, answered: dict) -> Forecast:
    """What the batch's items still want, at least what its decided ones took, at the pace of the last hour."""
    asked = _asked(batch.project, batch)
    left = batch.items_total - batch.items_done
    usual = round(left * answered["n"] / batch.items_done) if batch.items_done else 0
    an_hour = _rate(answered["recent"], answered["first"])
    if not an_hour:
        return Forecast(None, None, False)
    left_s = max(asked, usual) / an_hour * 3600
    if left_s > LONGEST_S:
        return Forecast(left_s, None, batch.deadline is not None)
    done_at = clock.now() + timedelta(seconds=left_s)
    return Forecast(left_s, done_at, batch.deadline is not None and done_at > batch.deadline)


POINTS = 40


def decided_over_time(project: Project) -> list[int]:
    """Items decided by each of 40 equal steps of time, cumulative; [] before there are two."""
    final = decisions_of_work(project)
    ends = final.aggregate(first=Min("decided_at"), last=Max("decided_at"), n=Count("pk"))
    if ends["n"] < 2 or ends["first"] == ends["last"]:
        return []
    step = (ends["last"] - ends["first"]) / (POINTS - 1)
    counts = dict(
        final.annotate(step=Floor(_seconds_since(ends["first"]) / step.total_seconds()))
        .values_list("step")
        .annotate(n=Count("pk"))
    )
    total, curve = 0, []
    for point in range(POINTS):
        total += counts.get(point, 0)
        curve.append(total)
    return curve


def _seconds_since(start: datetime):
    from django.db.models import FloatField, Value
    from django.db.models.functions import Extract

    return Extract(F("decided_at"), "epoch", output_field=FloatField()) - Value(start.timestamp())
