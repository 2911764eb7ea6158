"""Random histories of a requester who changes everything while people work: what is asked, what is known, what is on offer, what is right.

The model still knows of a lease only what its worker was told; now that is also which labels she was asked for, and a longer end when
she renews.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from consensus.app.actions.ask_again import ask_again, askable
from consensus.app.actions.review_item import correct_label
from consensus.app.actions.undo_review import undo_review
from kernel.errors import DomainError
from labelling.access import get_open_batch_for
from labelling.batches.copy_batch import copy_batch
from labelling.batches.create_batch import create_batch
from labelling.batches.open_batch import open_batch
from labelling.batches.pause_batch import pause_batch
from labelling.batches.recover_escrow import resume_batch
from labelling.data.remove import remove_items
from labelling.gold.retire_gold import retire_gold
from labelling.gold.set_gold import set_gold
from labelling.models import Batch, Decision, Item, Project
from labelling.projects.change_labels import change_labels
from labelling.releases.create_release import create_release
from labelling.task_types.questions import label_ids
from labelling.work import draw_work
from labelling.work.renew_leases import renew_leases
from tests.work.money_history import Held, History

FEWEST_ITEMS = 3  # on which something can still happen


@dataclass
class Told(Held):
    """With what she was asked: her answer is checked by that, whatever is asked by now."""

    labels: tuple[str, ...] = ()


class Changed(History):
    STEPS = {
        "draw": 22, "pack": 10, "renew": 4, "answer": 40, "hand_back": 4, "later": 6, "sweep": 5, "deliver": 22, "again": 2, "refund": 3,
        "open": 4, "close": 3, "deadline": 1, "appeal": 4, "decide": 3, "end_appeals": 1, "payout": 2, "payout_ends": 2, "redeliver": 2,
        "take_back": 1, "resume": 1, "deposit": 3, "wait_long": 1, "flag": 2,
        "pause": 3, "go_on": 4, "copy": 3, "ask_again": 4, "labels": 4, "correct": 4, "uncorrect": 2, "know": 3, "forget": 2, "remove": 2,
        "release": 2, "slow": 4,
    }  # fmt: skip

    # --- the workers ------------------------------------------------------------------------------------------------------
    def draw(self) -> None:
        self.take(pack=False)

    def pack(self) -> None:
        self.take(pack=True)

    def take(self, pack: bool) -> None:
        worker, batch_id = self.random.choice(self.world.workers), self.a_batch()
        try:
            batch = get_open_batch_for(worker, batch_id)
            lent = draw_work.draw_work(worker, batch, self.random.randint(1, 6), pack=pack)
        except DomainError:
            return
        asked = tuple(label_ids(self.project().config))
        for one in lent:
            self.leases[one.lease] = Told(worker.pk, batch_id, one.expires_at, labels=asked)

    def renew(self) -> None:
        out = [held for held in self.leases.values() if held.is_out(self.time.at)]
        if not out:
            return
        one = self.random.choice(out)
        [worker] = [worker for worker in self.world.workers if worker.pk == one.worker]
        try:
            batch = get_open_batch_for(worker, one.batch)
        except DomainError:
            return
        for lease in renew_leases(worker, batch, pack=self.random.random() < 0.5):
            held = self.leases[str(lease.pk)]
            assert lease.expires_at >= held.ends, "renewed, and shorter"
            self.seen["renewed"] += lease.expires_at > held.ends
            held.ends = lease.expires_at

    def a_batch(self) -> int:
        """Mostly one that lends."""
        lends = list(
            Batch.objects.filter(pk__in=self.batches, state="open", stopped_at=None).values_list("pk", flat=True)
        )
        return self.random.choice(lends) if lends and self.random.random() < 0.8 else super().a_batch()

    def entry(self, lease: str) -> dict:
        said = super().entry(lease)
        if self.random.random() < 0.8:
            said["value"] = {"label": self.random.choice(self.leases[lease].labels)}
        return said

    def is_answer(self, lease: str, label: str) -> bool:
        return label in self.leases[lease].labels

    # --- their requester --------------------------------------------------------------------------------------------------
    def project(self) -> Project:
        return Project.objects.select_for_update().get(pk=self.world.project.pk)

    def attempt(self, verb, *arguments, **more):
        """A refusal changes nothing, so the history goes on."""
        try:
            done = verb(*arguments, **more)
        except DomainError:
            return None
        self.seen[f"did {verb.__name__}"] += 1
        return done

    def one_of(self, rows: Iterable):
        rows = list(rows)
        return self.random.choice(rows) if rows else None

    def pause(self) -> None:
        batch = Batch.objects.select_for_update().filter(pk=self.a_batch()).first()
        if batch is not None:
            self.attempt(pause_batch, self.world.requester, batch)

    def go_on(self) -> None:
        for batch in Batch.objects.select_for_update().filter(project=self.world.project).exclude(stopped_at=None):
            self.attempt(resume_batch, self.world.requester, batch)

    def open(self) -> None:
        """With its own number of answers, which is not the project's."""
        least = self.random.randint(1, 3)
        batch = create_batch(
            self.world.requester, self.project(), name="b", base_micro=self.random.choice([10_000, 133_333]),
            bonus_micro=self.random.choice([0, 7_777, 400_000]), fee_bps=self.random.choice([0, 1000]),
            top_up_micro=self.random.choice([0, 1, 90_000]),
            min_answers=least, max_answers=least + self.random.randint(0, 2),
        )  # fmt: skip
        self.opened(batch, limit=self.random.choice([None, 2, 4]))

    def opened(self, batch: Batch, **limit) -> None:
        if self.attempt(open_batch, self.world.requester, batch, **limit):
            self.batches.append(batch.pk)
        else:
            batch.delete()

    def copy(self) -> None:
        if closed := self.one_of(Batch.objects.filter(project=self.world.project, state="closed")):
            self.opened(copy_batch(self.world.requester, closed))

    def ask_again(self) -> None:
        items = list(askable(self.project()).values_list("item", flat=True))
        some = self.random.sample(items, min(len(items), self.random.randint(1, 3)))
        if some and (batch := self.attempt(ask_again, self.world.requester, self.project(), some, name="again")):
            self.batches.append(batch.pk)

    def labels(self) -> None:
        """One more, another name, one with another, or asked no more; what is known stays among them, and so do two."""
        project = self.project()
        labels = project.config["labels"]
        others = [label for label in labels if label["id"] not in ("good", "bad")]
        what = self.random.choice(["add", "rename", "merge", "retire"] if others else ["add", "rename"])
        gone = self.random.choice(others)["id"] if what in ("merge", "retire") else None
        kept = [label for label in labels if label["id"] != gone]
        if what == "add":
            kept = [*labels, {"id": f"l{self.random.getrandbits(32):08x}", "name": {"en": f"Label {len(labels)}"}}]
        elif what == "rename":
            kept = [{**labels[0], "name": {"en": f"Bad {self.random.getrandbits(20)}"}}, *labels[1:]]
        more = {"merge": {gone: "good"}} if what == "merge" else {"retire": [gone]} if what == "retire" else {}
        self.attempt(change_labels, self.world.requester, project, kept, **more)
        self.seen[what] += 1

    def a_decided_item(self) -> int | None:
        return self.one_of(Decision.objects.filter(project=self.world.project).values_list("item", flat=True))

    def correct(self) -> None:
        value = {"label": self.random.choice(label_ids(self.project().config))}
        if (item := self.a_decided_item()) is not None:
            self.attempt(correct_label, self.world.requester, item, value)

    def uncorrect(self) -> None:
        if (item := self.a_decided_item()) is not None:
            self.attempt(undo_review, self.world.requester, item)

    def items(self):
        return Item.objects.filter(project=self.world.project, archived_at=None).select_related("project")

    def know(self) -> None:
        """An item that is on offer, decided or known becomes known: right, or wrong."""
        if (item := self.one_of(self.items())) is not None:
            self.attempt(set_gold, self.world.requester, item, {"label": self.random.choice(["good", "bad"])})

    def forget(self) -> None:
        if (item := self.one_of(self.items().filter(gold__retired_at=None, gold__isnull=False))) is not None:
            self.attempt(retire_gold, self.world.requester, item)

    def remove(self) -> None:
        items = list(self.items().values_list("pk", flat=True))
        if len(items) > FEWEST_ITEMS:
            self.attempt(remove_items, self.world.requester, self.project(), [self.random.choice(items)])

    def release(self) -> None:
        self.attempt(create_release, self.world.requester, self.project())
