"""A month of a whole platform, twice: with projects that ask for belts, and the same month with none that does. The clock is moved.

    python -m benchmarks.month [--workers 300] [--projects 20] [--days 30] [--items 400]

The crowd is simulated; everything that happens to it is the platform's own verbs: offers, draws, answers, decisions, settlement, belts, the
looks for abuse. Most people are right with a chance of their own (Beta(8, 2): 0.8 in the mean, as the pay rule takes a newcomer to be);
one in twenty guesses; six more are a ring who give the same answer to each task, and tell each other each right answer that a known task
has told one of them. On each day a person comes with a chance of one half and does ten tasks of the best paid work that she may. Of the
projects half ask for no belt, the others in turn for sprout and tree, and pay a quarter more, in both months. Everybody may do one paid
training. Writes results/month.*
"""

from __future__ import annotations

import argparse
import hashlib
import json
import uuid
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.month_report import report
from benchmarks.platform_for_benchmarks import running_servers

RESULTS = Path(__file__).parent / "results"
LABELS = ("north", "east", "south", "west")
RING, GUESSES, DRAW, SEATS, TASK_MS = 6, 0.05, 10, 400, 6000
BASE, BONUS = 10_000, 5_000
KNOWN, KNOWN_BPS = 60, 1500
ASKED = ("seed", "sprout", "seed", "tree")  # by project, in turn
LOOKED_AT = (10, 20, 30)  # days


@dataclass
class Someone:
    """A worker, and what only the simulation knows of her."""

    worker: Any
    kind: str  # honest, guesser, ring
    right: float
    seen: set[int] = field(default_factory=set)  # trainings that she was asked to do


class Month:
    def __init__(self, options: argparse.Namespace, belts: bool, clock: _Clock) -> None:
        self.options, self.belts, self.clock = options, belts, clock
        self.random, self.told = np.random.default_rng(7), dict[int, str]()  # told: what the ring knows
        self.truth, self.refused = dict[int, str](), Counter[str]()
        self.people = [self._person(place) for place in range(options.workers)]
        self.projects = [self._project(place) for place in range(options.projects)]
        self.correlation: dict[int, float] = {}

    # --- the world -----------------------------------------------------------------------------------------------------------
    def _person(self, place: int) -> Someone:
        from django.conf import settings

        from people.models import Person, Worker

        tag = "with" if self.belts else "without"
        person = Person.objects.create_user(email=f"{tag}-{place}@bench.example", terms_version=settings.TERMS_VERSION)
        kind = "ring" if place < RING else "guesser" if place < RING + GUESSES * self.options.workers else "honest"
        right = float(self.random.beta(8, 2)) if kind == "honest" else 1 / len(LABELS)
        return Someone(Worker.objects.create(person=person), kind, right)

    def _project(self, place: int) -> Any:
        from labelling.batches.create_batch import create_batch
        from labelling.batches.open_batch import open_batch
        from labelling.batches.open_training import open_training
        from labelling.data.add_items import add_text_item
        from labelling.data.create_dataset import create_dataset
        from labelling.gold.set_gold import set_gold
        from labelling.projects.create_project import create_project
        from ledger import factories
        from ledger.posting import post_many
        from people.actions.create_organisation import create_organisation
        from people.models import Person

        name = f"{'with' if self.belts else 'without'} {place}"
        requester = Person.objects.create_user(email=f"{name.replace(' ', '-')}-r@bench.example")
        organisation = create_organisation(requester, name)
        asks = ASKED[place % len(ASKED)]
        project = create_project(
            requester, organisation, title=name, task_type="choice", medium="text", min_answers=2, max_answers=5,
            config={"labels": [{"id": one, "name": {"en": one}} for one in LABELS]}, target_ppm=900_000,
            gold_share_bps=KNOWN_BPS, estimated_task_s=TASK_MS // 1000, asks_belt=asks if self.belts else "seed",
        )  # fmt: skip
        dataset = create_dataset(requester, project, "month")
        for number in range(self.options.items + KNOWN):
            item = add_text_item(dataset, f"{place} of {number}")
            self.truth[item.pk] = LABELS[int(self.random.integers(len(LABELS)))]
            if number >= self.options.items:
                set_gold(requester, item, {"label": self.truth[item.pk]}, "So it is.")
        post_many([factories.deposit(uuid.uuid4().hex, organisation.pk, 10**10, "USD", "simulated")])
        if place == 0:
            open_training(requester, project, seats=SEATS, examples=8)
        # What asks for a belt pays a quarter more: that is what makes people want one.
        base = BASE + BASE // 4 * (asks != "seed")
        open_batch(requester, create_batch(requester, project, name="month", base_micro=base, bonus_micro=BONUS))
        project.asked = asks
        return project

    # --- a day ---------------------------------------------------------------------------------------------------------------
    def run(self) -> dict:
        from labelling.tasks import expire_leases, release_base

        with self.clock:
            for day in range(1, self.options.days + 1):
                begun = self.clock.at
                for place in self.random.permutation(len(self.people)):
                    if self.random.random() < 0.5:
                        self._come(self.people[int(place)])
                self._deliver()
                self._look()
                self.clock.at = max(self.clock.at, begun + timedelta(hours=24))
                release_base()
                expire_leases()
                print(f"{'with' if self.belts else 'without'} belts, day {day}: {dict(self.refused)}", flush=True)
                if day in LOOKED_AT or day == self.options.days:
                    self.correlation[day] = self._rank_correlation()
            found = self._figures()
            self._end()
            return found

    def _end(self) -> None:
        """Nobody of the other month meets this one's work."""
        from labelling.batches.close_batch import close_batches
        from labelling.models import Batch

        close_batches(None, list(Batch.objects.filter(state="open").values_list("pk", flat=True)))
        self._deliver()

    def _come(self, someone: Someone) -> None:
        from kernel.errors import DomainError
        from labelling.access import get_open_batch_for
        from labelling.work.draw_work import draw_work
        from labelling.work.work_listing import offers_for

        offers = [one for one in offers_for(someone.worker)[0] if one["missing"] is None]
        training = [one for one in offers if one["training"] and one["batch"] not in someone.seen]
        chosen = training or [one for one in offers if not one["training"]]
        if not chosen:
            return
        batch_id = chosen[0]["batch"]
        someone.seen.add(batch_id)
        try:
            lent = draw_work(someone.worker, get_open_batch_for(someone.worker, batch_id), DRAW)
        except DomainError as refusal:
            self.refused[refusal.code] += 1
            return
        self._answer(someone, lent)

    def _answer(self, someone: Someone, lent: list) -> None:
        from labelling.work.accept_answers import accept_answers

        self.clock.at += timedelta(
            milliseconds=len(lent) * TASK_MS + 5000
        )  # one after the other: her time is that of this clock
        items = _items_of(lent)
        entries = [
            {"id": str(uuid.uuid4()), "lease": one.lease, "value": {"label": self._says(someone, items[one.lease])}, "active_ms": TASK_MS}
            for one in lent
        ]  # fmt: skip
        for one, result in zip(lent, accept_answers(someone.worker, entries), strict=True):
            self.refused[result.status] += 1
            if someone.kind == "ring" and result.feedback:
                self.told[items[one.lease]] = result.feedback["truth"]["label"]

    def _says(self, someone: Someone, item: int) -> str:
        if someone.kind == "ring":
            place = hashlib.sha256(str(item).encode()).digest()[0] % len(LABELS)
            return self.told.get(item, LABELS[place])
        if self.random.random() < someone.right if someone.kind == "honest" else False:
            return self.truth[item]
        others = [one for one in LABELS if someone.kind == "guesser" or one != self.truth[item]]
        return others[int(self.random.integers(len(others)))]

    def _deliver(self) -> None:
        from delivery import outbox

        while outbox.drain():
            continue

    def _look(self) -> None:
        """What the clock of a real platform calls every few minutes: looks for abuse, skills, and what waited for them."""
        from consensus.app.actions.look_at_newcomers import look_at_newcomers
        from consensus.app.actions.look_for_abuse import look_for_abuse, projects_due

        look_at_newcomers()
        for project in projects_due():
            look_for_abuse(project)
        self._deliver()

    # --- what came of it -----------------------------------------------------------------------------------------------------
    def _evidence(self, someone: Someone):
        from labelling.models import belts

        return belts.evidence_of(someone.worker).get(("choice", "text"), belts.NOTHING)

    def _rank_correlation(self) -> float:
        from scipy.stats import spearmanr

        honest = [(one.right, self._evidence(one)) for one in self.people if one.kind == "honest"]
        known = [(right, hers.sure) for right, hers in honest if hers.known]
        return round(float(spearmanr(*zip(*known, strict=True)).statistic), 3) if len(known) > 2 else float("nan")

    def _figures(self) -> dict:
        return {
            "month": "with belts" if self.belts else "without belts",
            "rank_correlation_by_day": self.correlation,
            "belts": self._belts(),
            "flagged": self._flagged(),
            "pay": self._pay(),
            "training": self._training(),
            "projects": {asked: self._labels(asked) for asked in sorted(set(ASKED))},
            "answers": dict(self.refused),
        }

    def _flagged(self) -> dict:
        """How many people of each group the looks for abuse have named."""
        from consensus.app.models import WorkerFlag

        named = set(WorkerFlag.objects.values_list("worker", flat=True))
        return dict(Counter(one.kind for one in self.people if one.worker.pk in named))

    def _belts(self) -> dict:
        found: dict[str, Counter[str]] = {}
        for one in self.people:
            third = min(2, int(np.searchsorted(np.quantile(self._skills(), [1 / 3, 2 / 3]), one.right)))
            group = one.kind if one.kind != "honest" else f"honest, {('lowest', 'middle', 'best')[third]} third"
            found.setdefault(group, Counter())[self._evidence(one).belt] += 1
        return {group: dict(counts) for group, counts in sorted(found.items())}

    def _skills(self) -> list[float]:
        return [one.right for one in self.people if one.kind == "honest"]

    def _pay(self) -> dict:
        """Each settlement, recomputed from the price of its batch and the counts of the pay rule: a belt is in neither."""
        from labelling.batches import pay
        from labelling.models import Settlement

        mine = [one.worker.pk for one in self.people]
        rows = Settlement.objects.filter(worker__in=mine).select_related("answer__batch").defer("answer__batch__offer")
        other = sum(
            row.base_micro != row.answer.batch.base_micro
            or row.bonus_micro != pay.bonus_for(row.answer.batch.bonus_micro, pay.score_bps(*row.counts))
            for row in rows.iterator()
        )
        return {"settlements": rows.count(), "not by price and counts alone": other}

    def _training(self) -> dict:
        from django.db.models import Sum

        from labelling.models import Answer

        given = Answer.objects.filter(batch__training=True, worker__in=[one.worker.pk for one in self.people])
        micro, people = (
            given.aggregate(micro=Sum("base_micro", default=0))["micro"],
            given.values("worker").distinct().count(),
        )
        return {"people": people, "paid_usd": micro / 1e6, "a_person_usd": round(micro / 1e6 / max(1, people), 4)}

    def _labels(self, asked: str) -> dict:
        from django.db.models import Sum

        from labelling.models import Answer, Decision, Settlement

        mine = [one.pk for one in self.projects if one.asked == asked]
        decided = Decision.objects.filter(project__in=mine, final=True).values_list("item", "value", "sure")
        right = [self.truth[item] == value["label"] for item, value, _ in decided]
        paid = Settlement.objects.filter(answer__project__in=mine, answer__batch__training=False)
        micro = sum((paid.aggregate(a=Sum("base_micro", default=0), b=Sum("bonus_micro", default=0))).values())
        answers = Answer.objects.filter(project__in=mine, gold_right=None)
        return {
            "projects": len(mine),
            "items": len(mine) * self.options.items,
            "decided": len(right),
            "sure": sum(sure for *_, sure in decided),
            "right": round(float(np.mean(right)), 4) if right else None,
            "answers_a_label": round(answers.count() / max(1, len(right)), 2),
            "cost_a_label_usd": round(micro / 1e6 / max(1, len(right)), 4),
        }


class _Clock:
    """The clock that decides money goes as the month goes."""

    def __init__(self) -> None:
        from ledger import clock

        self.module, self.true, self.at = clock, clock.now, clock.now()

    def __call__(self):
        self.at += timedelta(milliseconds=1)
        return self.at

    def __enter__(self) -> None:
        self.module.now = self

    def __exit__(self, *_) -> None:
        self.module.now = self.true


def _items_of(lent: list) -> dict[str, int]:
    from labelling.models import Lease

    return {
        str(pk): item for pk, item in Lease.objects.filter(pk__in=[one.lease for one in lent]).values_list("pk", "item")
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name, most in (("workers", 300), ("projects", 20), ("days", 30), ("items", 400)):
        parser.add_argument(f"--{name}", type=int, default=most)
    options = parser.parse_args()
    with running_servers():
        clock = _Clock()
        found = [Month(options, belts, clock).run() for belts in (True, False)]
    RESULTS.mkdir(exist_ok=True)
    size = ", ".join(f"{value} {name}" for name, value in vars(options).items())
    (RESULTS / "month.json").write_text(json.dumps({"size": vars(options), "months": found}, indent=1) + "\n")
    (RESULTS / "month.md").write_text(report(__doc__.splitlines()[0], f"{size}, {KNOWN} known tasks each.", found))


if __name__ == "__main__":
    main()
