"""A week by the clock: beat's own schedule, every job when it is due, and nobody who presses anything.

What has a date comes by its date, because some job sees to it; a job that is missing in the schedule is found here.
"""

from datetime import timedelta

import pytest
import time_machine
from django.db.models import F
from django.utils import timezone

from delivery.models import OutboxEvent
from labelling.conduct.appeal_ban import appeal_ban
from labelling.conduct.ban_worker import ban_worker
from labelling.conduct.hold_pay import hold_pay
from labelling.conduct.holds import hold_of
from labelling.gold.appeal_gold import appeal_gold
from labelling.models import Answer, Appeal, Ban, Batch, BatchItem, Lease
from labelling.work.accept_answers import accept_answers
from labelling.work.draw_work import draw_work
from ledger.audit import findings
from ledger.factories import available_of, escrow_of, pending_of
from ledger.posting import balance
from people.models import Person
from server.celery import app
from tests.payouts import conftest as payouts_conftest
from tests.worlds import answer_to, make_worker, opened, sentiment_world

pytestmark = [
    pytest.mark.slow,  # some 10,000 runs of jobs
    pytest.mark.django_db,
]
HOUR = timedelta(hours=1)
BASE = 10_000
EVIDENCE = [{"kind": "gold", "project": 1, "title": "Good or bad", "numbers": {"gold_seen": 9, "gold_right": 2}}]


class Beat:
    """Celery's beat without its process: the same entries, asked whether they are due as the clock goes on."""

    def __init__(self):
        self.entries = dict(app.conf.beat_schedule)
        self.last = {name: app.now() for name in self.entries}
        self.ran = dict.fromkeys(self.entries, 0)

    def go_on(self, now: time_machine.Traveller, hours: float, step: timedelta) -> None:
        for _ in range(round(timedelta(hours=hours) / step)):
            now.shift(step)
            for name, entry in self.entries.items():
                schedule = app.conf.beat_schedule[name]["schedule"]
                due = (
                    schedule.is_due(self.last[name]).is_due if hasattr(schedule, "is_due") else True
                )  # seconds: less than a step
                if due:
                    app.tasks[entry["task"]]()
                    self.last[name] = app.now()
                    self.ran[name] += 1


own_rail = payouts_conftest.own_rail  # reconciling asks a real rail


@pytest.fixture
def stage(own_rail, settings):
    """On Monday morning somebody has done everything that then needs time, and goes away."""
    settings.CHAIN_RPC_URL = ""
    world = opened(sentiment_world(items=8, workers=0, golds=1, gold_share_bps=5000), keep_open=True)
    world.alone, world.away, world.banned, world.flagged, world.missed = (
        make_worker(name) for name in ("alone", "away", "banned", "flagged", "missed")
    )
    return world


def label(worker, lent, name="good"):
    accept_answers(worker, [answer_to(one, {"label": name}) for one in lent])


def test_in_a_week_everything_with_a_date_has_come(stage, settings):
    settings.ANCHOR_EVERY_S = 86_400
    app.loader.import_default_modules()
    admin = Person.objects.create_user(email="admin@example.org", is_staff=True)
    start = timezone.now()
    with time_machine.travel(start, tick=False) as now:
        beat, batch = Beat(), stage.batch
        label(stage.alone, draw_work(stage.alone, batch, 5))
        pack = draw_work(stage.away, batch, 3, pack=True)
        ban = ban_worker(
            admin,
            stage.banned,
            stage.project,
            reason="unread",
            sentence="Your answers came too fast.",
            until=start + 30 * 24 * HOUR,
            evidence=EVIDENCE,
        )
        appeal_ban(stage.banned, ban.pk, "I looked at each.")
        hold_pay(stage.project, [(make_flagged(stage.flagged).pk, "hurried")])
        missed = miss_a_known_task(stage)
        appeal_gold(stage.missed, missed.pk, "It is bad.")
        overdue = opened(sentiment_world(items=2, workers=0), deadline=start + 48 * HOUR).batch
        given = Answer.objects.filter(worker=stage.alone).count()

        beat.go_on(now, 22, HOUR)
        assert balance(pending_of(stage.alone.pk), "USD") > 0
        beat.go_on(now, 2, HOUR / 4)
        assert balance(pending_of(stage.alone.pk), "USD") == 0, "base pay within a day, whatever the crowd does"
        assert balance(available_of(stage.alone.pk), "USD") >= given * BASE
        assert Lease.objects.filter(pk__in=[one.lease for one in pack], state="expired").count() == 3
        assert not BatchItem.objects.filter(batch=batch).exclude(taken=F("counted")).exists(), "and its slots are free"

        beat.go_on(now, 25, HOUR)
        overdue.refresh_from_db()
        assert overdue.state == Batch.State.CLOSED
        assert balance(escrow_of(overdue.pk), "USD") == 0, "and its money is back"

        assert Ban.objects.get(pk=ban.pk).stands
        assert hold_of(stage.flagged) is not None
        beat.go_on(now, 24, HOUR)
        assert not Ban.objects.get(pk=ban.pk).stands, "nobody answered: the ban is lifted"
        assert Appeal.objects.get(ban=ban).outcome == "silence"
        missed.refresh_from_db()
        assert missed.gold_appeal.outcome == "silence"
        assert hold_of(stage.flagged) is None, "a hold ends by its date"

        events = set(OutboxEvent.objects.exclude(delivered_at=None).values_list("pk", flat=True))
        beat.go_on(now, 9 * 24, 4 * HOUR)
        assert events
        assert not OutboxEvent.objects.filter(pk__in=events).exists(), "what is kept for a week is gone after it"
    assert {name for name, times in beat.ran.items() if times < 5} == set(), "every job of the schedule ran"
    assert findings() == []


def make_flagged(worker):
    from labelling.models import Pace

    Pace.objects.filter(worker=worker).update(recorded=False)  # a recorded crowd is nobody, and is not held
    return worker


def miss_a_known_task(stage) -> Answer:
    """She answers until the known task was among it; what is known is "good"."""
    while not Answer.objects.filter(worker=stage.missed, gold_right=False).exists():
        label(stage.missed, draw_work(stage.missed, stage.batch, 2), "bad")
    return Answer.objects.get(worker=stage.missed, gold_right=False)


def test_a_schedule_without_the_sweep_would_keep_her_pay(stage, settings):
    """The control: the same day with one job taken out of the schedule."""
    app.loader.import_default_modules()
    with time_machine.travel(timezone.now(), tick=False) as now:
        beat = Beat()
        del beat.entries["release base pay after a day"]
        label(stage.alone, draw_work(stage.alone, stage.batch, 5))
        beat.go_on(now, 26, 2 * HOUR)
        assert balance(pending_of(stage.alone.pk), "USD") > 0
