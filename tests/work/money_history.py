"""A random history of one requester's money, next to a model of what is payable that is small enough to be believed.

The model knows of each lease whose it is, when it ends, and whether it was handed back or answered: nothing of slots, spare or escrow.
From that alone follow what every sent answer must become, and what can still be claimed.
"""

from __future__ import annotations

import uuid
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from django.conf import settings

from consensus.app.actions.decide_without import decide_without
from consensus.app.models import SupersededDecision
from delivery import outbox
from delivery.models import OutboxEvent
from kernel.errors import DomainError
from labelling.access import get_open_batch_for
from labelling.batches.close_batch import close_batch
from labelling.batches.create_batch import create_batch
from labelling.batches.open_batch import open_batch
from labelling.batches.recover_escrow import resume_batch
from labelling.batches.release_base import release_base
from labelling.batches.top_up import pay_top_ups, raise_top_up, to_top_up
from labelling.conduct.ban_worker import ban_worker
from labelling.gold.appeal_gold import appeal_gold
from labelling.gold.decide_gold_appeal import decide_gold_appeal
from labelling.models import Answer, Batch, BatchItem, GoldAppeal, PayHold
from labelling.tasks import close_overdue_batches, end_gold_appeals, expire_leases, refund_closed_batches
from labelling.work import accept_answers, draw_work
from labelling.work.return_lease import report_lease, skip_lease
from ledger import clock, factories
from ledger.posting import post_many
from payouts.actions.record_outcome import record_outcome
from payouts.actions.request_payout import request_payout
from payouts.models import Deposit, Payout
from payouts.providers.base import Failed, Paid, Reversed
from people.models import Person, Worker
from tests.worlds import sentiment_world

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
LABELS = ("good", "bad")


@dataclass
class Held:
    """A lease as its worker knows it."""

    worker: int
    batch: int
    ends: datetime
    given_back: bool = False
    answered: bool = False

    def is_out(self, now: datetime) -> bool:
        return not self.given_back and not self.answered and now < self.ends + timedelta(seconds=settings.LEASE_GRACE_S)


class Time:
    """The clock that decides money: it goes on by a millisecond each time somebody looks, and by as much as the history says."""

    def __init__(self) -> None:
        self.at = datetime.now(UTC)

    def __call__(self) -> datetime:
        self.at += timedelta(milliseconds=1)
        return self.at


@contextmanager
def own_time():
    with pytest.MonkeyPatch.context() as patch:
        time = Time()
        patch.setattr(clock, "now", time)
        patch.setattr(draw_work, "_BETWEEN_S", 0)
        yield time


class History:
    def __init__(self, seed: int, time: Time) -> None:
        self.random, self.time = Random(seed), time
        pick = self.random
        least = pick.randint(1, 3)
        self.world = sentiment_world(
            items=pick.randint(2, 8),
            workers=5,
            golds=pick.choice([0, 4, 6]),
            gold_share_bps=pick.choice([1000, 4000, 5000]),
            min_answers=least,
            max_answers=least + pick.randint(0, 2),
            funds_micro=1,
        )
        self.world.project.organisation = self.world.organisation
        self.reviewers = [
            Person.objects.create_user(email=f"r{n}-{self.world.organisation.pk}@example.org", is_reviewer=True)
            for n in (1, 2)
        ]
        self.admin = Person.objects.create_user(email=f"a-{self.world.organisation.pk}@example.org", is_staff=True)
        self.leases: dict[str, Held] = {}
        self.sent: list[tuple[int, list[dict], list[str]]] = []
        self.batches: list[int] = []
        self.seen: Counter[str] = Counter()  # what became of answers, and what else happened
        self.deposit()
        self.open()

    # --- what can happen ------------------------------------------------------------------------------------------------
    STEPS = {
        "draw": 24, "answer": 26, "hand_back": 9, "later": 10, "sweep": 6, "deliver": 12, "again": 5, "refund": 4,
        "open": 3, "close": 1, "deadline": 1, "appeal": 8, "decide": 5, "end_appeals": 2, "payout": 4, "payout_ends": 4,
        "redeliver": 2, "take_back": 1, "resume": 2, "deposit": 1, "ban": 1, "wait_long": 1, "flag": 2,
        "slow": 3,
    }  # fmt: skip

    def step(self) -> str:
        [name] = self.random.choices(list(self.STEPS), list(self.STEPS.values()))
        getattr(self, name)()
        self.seen[name] += 1
        return name

    def draw(self) -> None:
        worker, batch_id = self.random.choice(self.world.workers), self.a_batch()
        try:
            batch = get_open_batch_for(worker, batch_id)
            lent = draw_work.draw_work(worker, batch, self.random.randint(1, 6))
        except DomainError:
            return
        for one in lent:
            self.leases[one.lease] = Held(worker.pk, batch_id, one.expires_at)

    def answer(self) -> None:
        """A POST with a mixture: live, late, over, given back and answered leases, over several batches; now and then nonsense."""
        worker = self.random.choice(self.world.workers)
        hers = [lease for lease, held in self.leases.items() if held.worker == worker.pk]
        out = [lease for lease in hers if not self.leases[lease].answered]
        some = self.random.sample(out, min(len(out), self.random.randint(1, 5)))
        some += self.random.sample(hers, min(len(hers), 1)) if self.random.random() < 0.3 else []
        some += [self.random.choice(list(self.leases))] if self.leases and self.random.random() < 0.1 else []
        entries = [self.entry(lease) for lease in dict.fromkeys(some)]
        if entries:
            expected = [self.expected(worker.pk, entry) for entry in entries]
            self.post(worker, entries, expected)

    def entry(self, lease: str) -> dict:
        label = self.random.choice([*LABELS, "good", "nonsense" if self.random.random() < 0.2 else "bad"])
        return {"id": self.new_id(), "lease": lease, "value": {"label": label}, "active_ms": 900}

    def new_id(self) -> str:
        return str(uuid.UUID(int=self.random.getrandbits(128), version=4))

    def expected(self, worker: int, entry: dict) -> str:
        """What the answer must become, by nothing but what its worker was told."""
        held = self.leases[entry["lease"]]
        if held.worker != worker:
            return "not_found"
        if held.answered:
            return "conflict"
        if held.given_back:
            return "lease_returned"
        if not held.is_out(self.time.at):
            return "lease_ended"
        return "accepted" if self.is_answer(entry["lease"], entry["value"]["label"]) else "invalid"

    def is_answer(self, lease: str, label: str) -> bool:
        return label in LABELS

    def post(self, worker, entries: list[dict], expected: list[str]) -> None:
        results = accept_answers.accept_answers(worker, entries)
        said = [result.error["code"] if result.error else result.status for result in results]
        assert said == expected, f"{said} should have been {expected}"
        self.seen.update(said)
        for entry, one in zip(entries, said, strict=True):
            if one == "accepted":
                self.leases[entry["lease"]].answered = True
        again = ["repeated" if one == "accepted" else one for one in said]
        self.sent = [*self.sent[-20:], (worker.pk, entries, again)]

    def again(self) -> None:
        """The reply was lost: the phone sends the same bytes again. What was taken is taken once; nothing else became better."""
        if not self.sent:
            return
        worker_id, entries, before = self.random.choice(self.sent)
        [worker] = [one for one in self.world.workers if one.pk == worker_id]
        repeated = [entry for entry, one in zip(entries, before, strict=True) if one == "repeated"]
        if repeated:
            self.post(worker, repeated, ["repeated"] * len(repeated))

    def hand_back(self) -> None:
        mine = [lease for lease, held in self.leases.items() if not held.answered]
        if not mine:
            return
        lease = self.random.choice(mine)
        [worker] = [one for one in self.world.workers if one.pk == self.leases[lease].worker]
        if self.random.random() < 0.6:
            skip_lease(worker, lease)
        else:
            report_lease(worker, lease, "broken")
        self.leases[lease].given_back = True

    def later(self) -> None:
        self.time.at += self.random.choice([MINUTE, 5 * MINUTE, 20 * MINUTE, 31 * MINUTE, 2 * HOUR, 5 * HOUR])

    def wait_long(self) -> None:
        self.time.at += self.random.choice([DAY, 4 * DAY, 9 * DAY])

    def sweep(self) -> None:
        expire_leases()
        release_base()

    def deliver(self) -> None:
        """Some of the outbox: one name, or all of it."""
        if self.random.random() < 0.5:
            outbox.drain()
        elif names := outbox._due_names():
            outbox._drain_one(self.random.choice(names))

    def redeliver(self) -> None:
        """A process was killed after its work and before the mark: events come twice."""
        done = list(OutboxEvent.objects.exclude(delivered_at=None).values_list("pk", flat=True))
        some = self.random.sample(done, min(len(done), 8))
        OutboxEvent.objects.filter(pk__in=some).exclude(name="deposit.reversed").update(delivered_at=None)
        outbox.drain()

    def refund(self) -> None:
        refund_closed_batches()

    def deposit(self) -> None:
        organisation, micro = self.world.organisation, self.random.choice([1, 3, 10]) * 1_000_000
        reference = f"d{self.random.getrandbits(60)}"
        post_many([factories.deposit(reference, organisation.pk, micro, "USD", "simulated", owed_micro=self.owed())])
        Deposit.objects.create(
            id=uuid.UUID(self.new_id()), reference=reference, organisation=organisation,
            asked_by=self.world.requester, provider="simulated", amount_micro=micro, moved_micro=micro, currency="USD",
            state="paid", finished_at=self.time.at, next_try_at=None,
        )  # fmt: skip

    def owed(self) -> int:
        from ledger.reading import balance

        return -balance(factories.debt_of(self.world.organisation.pk), "USD")

    def take_back(self) -> None:
        paid = list(Deposit.objects.filter(organisation=self.world.organisation, state="paid"))
        if paid:
            deposit = self.random.choice(paid)
            record_outcome(deposit, Reversed("r", deposit.moved_micro, 0))
            outbox.drain()

    def resume(self) -> None:
        for batch in Batch.objects.filter(project=self.world.project).exclude(owing_at=None).select_for_update():
            try:
                resume_batch(self.world.requester, batch)
            except DomainError:
                self.deposit()

    def open(self) -> None:
        pick = self.random
        batch = create_batch(
            self.world.requester, self.world.project, name="b", base_micro=pick.choice([10_000, 133_333, 200_000]),
            bonus_micro=pick.choice([0, 7_777, 400_000]), fee_bps=pick.choice([0, 1000]), top_up_micro=pick.choice([0, 1, 90_000]),
            deadline=self.time.at + 30 * HOUR if pick.random() < 0.3 else None,
        )  # fmt: skip
        try:
            open_batch(self.world.requester, batch, limit=pick.choice([None, 2, 4]))
            self.batches.append(batch.pk)
        except DomainError:
            batch.delete()

    def a_batch(self) -> int:
        """One of those opened last; it may be closed by now."""
        return self.random.choice(self.batches[-3:]) if self.batches else 0

    def close(self) -> None:
        batch = Batch.objects.select_for_update().filter(pk=self.a_batch(), state="open").first()
        if batch is not None:
            close_batch(self.world.requester, batch)

    def deadline(self) -> None:
        close_overdue_batches()

    def appeal(self) -> None:
        misses = list(Answer.objects.filter(project=self.world.project, gold_right=False).select_related("worker"))
        if misses:
            miss = self.random.choice(misses)
            try:
                appeal_gold(miss.worker, miss.pk)
            except DomainError:
                return

    def decide(self) -> None:
        waiting = list(GoldAppeal.objects.filter(decided_at=None, answer__project=self.world.project))
        if not waiting:
            return
        appeal, outcome = self.random.choice(waiting), self.random.choice(["won", "won", "lost"])
        reviewer, retire = self.random.choice(self.reviewers), self.random.random() < 0.5
        try:
            decide_gold_appeal(reviewer, appeal.answer_id, outcome, "So it is.", retire=retire)
        except DomainError:
            return

    def end_appeals(self) -> None:
        end_gold_appeals()

    def ban(self) -> None:
        worker = self.random.choice(self.world.workers)
        try:
            ban_worker(
                self.admin, worker, None, reason="account", sentence="Two people use this account.",
                until=self.time.at + 5 * DAY, evidence=[],
            )  # fmt: skip
        except DomainError:
            return

    def flag(self) -> None:
        """A worker is taken for a machine, and what her answers decided is decided without them; or it was a mistake."""
        worker, now = self.random.choice(self.suspects()), clock.now()
        standing = PayHold.objects.filter(worker=worker, ended_at=None, until__gt=now)
        if standing.exists():
            standing.update(ended_at=now, ended_because=PayHold.Because.LOOKED)
            return
        kind = f"{self.random.getrandbits(40):x}"  # each flag holds once: these many are enough
        PayHold.objects.create(worker=worker, project=self.world.project, kind=kind, since=now, until=now + 3 * DAY)
        before = SupersededDecision.objects.count()
        decide_without(self.world.project.pk, [worker.pk])
        self.seen["taken back"] += SupersededDecision.objects.count() - before

    def suspects(self) -> list[Worker]:
        return self.world.workers

    def slow(self) -> None:
        """It was measured that tasks take people so long: what their batch pays on top is raised, and paid to who answered before."""
        batch = Batch.objects.select_for_update().filter(pk=self.a_batch(), state=Batch.State.OPEN).first()
        if batch is not None:
            raise_top_up(batch, self.random.choice([5_000, 60_000, 100_000, 600_000]))
        if self.random.random() < 0.7:
            for pk in to_top_up():
                pay_top_ups(pk)

    def payout(self) -> None:
        """By whoever comes first of those who have enough."""
        for worker in self.random.sample(self.world.workers, len(self.world.workers)):
            try:
                request_payout(worker, uuid.UUID(self.new_id()), None, "+27821234567")
            except DomainError:
                continue
            return

    def payout_ends(self) -> None:
        payout = Payout.objects.filter(worker__in=self.world.workers, state="created").first()
        if payout is not None:
            ended = Paid("r", payout.amount_micro, 0) if self.random.random() < 0.7 else Failed("no_account")
            record_outcome(payout, ended)

    # --- the end ------------------------------------------------------------------------------------------------------------
    def finish(self) -> None:
        """All time goes by: everything closes, every lease ends, every appeal is answered by silence, nothing can be claimed."""
        for _ in range(4):
            self.appeal()
        for batch in Batch.objects.filter(project=self.world.project, state="open").select_for_update():
            close_batch(self.world.requester, batch)
        for _ in range(4):
            self.drain()
            self.time.at += 9 * DAY
            expire_leases()
            end_gold_appeals()
            refund_closed_batches()
        self.drain()
        refund_closed_batches()
        self.payout()
        self.payout_ends()
        self.drain()

    def drain(self) -> None:
        while outbox.drain():
            continue


class Greedy(History):
    """Who has read the code: gives back what she draws, and answers what she gave back."""

    STEPS = {"draw": 10, "hand_back": 12, "answer": 10, "deliver": 3, "refund": 1, "later": 1}

    def answer(self) -> None:
        worker = self.random.choice(self.world.workers)
        stale = [lease for lease, held in self.leases.items() if held.worker == worker.pk and held.given_back]
        entries = [self.entry(lease) for lease in stale if not self.leases[lease].answered]
        if entries:
            self.post(worker, entries, [self.expected(worker.pk, entry) for entry in entries])


class Flagged(History):
    """Many are taken for machines while they work: what was decided is asked again, decided anew, and asked again."""

    STEPS = {
        "draw": 20, "answer": 24, "deliver": 16, "hand_back": 4, "later": 2, "sweep": 2, "flag": 8, "open": 2, "refund": 1,
    }  # fmt: skip

    def suspects(self) -> list[Worker]:
        """Those who had a part in what is decided, where there are any."""
        decided = BatchItem.objects.filter(batch__project=self.world.project, batch__state="open", state="done")
        counted = Answer.objects.filter(item__in=decided.values("item"), counted=True)
        parts = set(counted.values_list("worker", flat=True))
        return [one for one in self.world.workers if one.pk in parts] or self.world.workers

    def deliver(self) -> None:
        outbox.drain()
