"""Replay: a recorded crowd becomes a project, and its workers come through the real HTTP API with the answers they gave."""

from __future__ import annotations

import contextlib
import io
import threading
import time
import uuid
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue

from django.conf import settings
from django.db import OperationalError, connection
from PIL import Image, ImageDraw

from delivery.outbox import waiting
from intake import media
from kernel.errors import DomainError
from labelling.access import get_batch_for
from labelling.batches.close_batch import close_batch
from labelling.batches.create_batch import create_batch
from labelling.batches.open_batch import open_batch
from labelling.data.add_items import add_media_item, text_hash
from labelling.data.create_dataset import create_dataset
from labelling.models import Assignment, Batch, BatchItem, Item, Project
from labelling.projects.create_project import create_project
from labelling.work.mark_recorded import mark_recorded
from labelling.work.obfuscated_ids import shown_item_id
from ledger.factories import funds_of
from ledger.posting import balance
from payouts.actions.look_up_order import look_up_order
from payouts.actions.request_deposit import request_deposit
from payouts.actions.request_payout import request_payout
from payouts.actions.send_order import send_order
from people.actions.create_organisation import create_organisation
from people.actions.make_token import make_token
from people.models import Person, Worker
from server.replay.crowds import Crowd
from server.replay.phone import Phone

PACK = 20
SETTLE_WITHIN_S = 300
RECONNECTS = 60
EMPTY_DRAWS, EMPTY_WAIT_S = 5, 0.5  # in a row, before a worker goes home; each time she waits a little longer


@dataclass
class Plan:
    """How to replay. every: ask for all recorded answers; else stop an item when it is sure. task_s: what an answer takes people."""

    crowd: Crowd
    url: str
    clients: int = 8
    every: bool = True
    target_ppm: int = 950_000
    base_micro: int = 100_000
    bonus_micro: int = 0
    repeats: int = 1
    pack: int = PACK
    task_s: int = 10


@dataclass
class Replay:
    """A replay under way; `acknowledged` is the clients' own log of what the server said it has."""

    plan: Plan
    project: Project = field(init=False)
    batch: Batch = field(init=False)
    tokens: dict[str, str] = field(default_factory=dict)
    workers: dict[str, Worker] = field(default_factory=dict)
    acknowledged: dict[str, dict] = field(default_factory=dict)
    seconds: float = 0.0
    _item_of: dict[str, int] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def prepare(self) -> None:
        crowd, tag = self.plan.crowd, uuid.uuid4().hex[:8]
        self.requester = Person.objects.create_user(email=f"replay-{tag}@requester.example", display_name="Replay")
        organisation = create_organisation(self.requester, f"Replay of {crowd.name}"[:120])
        self.project = self._make_project(organisation)
        self._add_items(organisation)
        self._hire(tag)
        self.batch = create_batch(
            self.requester,
            self.project,
            name="Replay",
            base_micro=self.plan.base_micro,
            bonus_micro=self.plan.bonus_micro,
        )
        self.batch.assigned = True
        self._deposit(organisation)
        open_batch(self.requester, self.batch)
        self._assign()

    def work(self) -> None:
        """All workers label until nothing is left for any of them."""
        answers: dict[str, dict[int, dict]] = defaultdict(dict)
        for task, worker, value in self.plan.crowd.answers:
            answers[worker][shown_item_id(self._item_of[task])] = value
        queue: SimpleQueue[str] = SimpleQueue()
        for worker in sorted(answers):
            queue.put(worker)
        started = time.monotonic()
        with ThreadPoolExecutor(self.plan.clients) as pool:
            for done in [pool.submit(self._client, number, queue, answers) for number in range(self.plan.clients)]:
                done.result()
        self.seconds = time.monotonic() - started

    def finish(self) -> None:
        """Wait for the decisions, close the batch, wait for the last word."""
        self.wait_settled()
        batch = get_batch_for(self.requester, self.batch.pk, write=True)
        if batch.state == Batch.State.OPEN:
            close_batch(self.requester, batch)
        self.wait_settled()

    def wait_settled(self) -> None:
        deadline = time.monotonic() + SETTLE_WITHIN_S
        while left := _waiting():
            if time.monotonic() > deadline:
                raise TimeoutError(f"{left} events still wait after {SETTLE_WITHIN_S} s: does a Celery worker run?")
            time.sleep(0.2)

    def pay_out(self) -> None:
        """Every worker asks for all her money. By the verb: a token names no number that she was never paid to."""
        for number, (_, worker) in enumerate(sorted(self.workers.items())):
            with contextlib.suppress(DomainError):  # too little, or held: it stays hers
                request_payout(worker, uuid.uuid4(), None, f"+2782{number:07}"[:12] + "9")

    def _client(self, number: int, queue: SimpleQueue, answers: dict[str, dict[int, dict]]) -> None:
        phone = Phone(self.plan.url, self.plan.repeats, seed=number)
        while True:
            try:
                worker = queue.get_nowait()
            except Empty:
                phone.close()
                return
            if self._one_pack(phone, worker, answers[worker]):
                queue.put(worker)

    def _one_pack(self, phone: Phone, worker: str, left: dict[int, dict]) -> bool:
        """Draw, answer, and say whether she has more to do. A draw may come back empty while others hold her last items."""
        token, leases = self.tokens[worker], []
        for attempt in range(EMPTY_DRAWS):
            time.sleep(attempt * EMPTY_WAIT_S)
            asked = {"batch": self.batch.pk, "n": self.plan.pack, "id": str(uuid.uuid4())}
            drawn = phone.post("/work/draw", asked, token)
            if leases := drawn.get("leases", []):
                break
        if not leases:
            return False
        sent = [
            {"id": str(uuid.uuid4()), "lease": one["lease"], "value": left.pop(one["item"]["id"]), "active_ms": 5000}
            for one in leases
        ]
        results = self.send(phone, sent, token)
        with self._lock:
            for one, result in zip(sent, results, strict=True):
                self.acknowledged[one["id"]] = {"worker": worker, "status": result["status"], "value": one["value"]}
        return bool(left)

    def send(self, phone: Phone, sent: list[dict], token: str) -> list[dict]:
        return phone.post("/work/answers", {"answers": sent}, token)["results"]

    def _make_project(self, organisation) -> Project:
        crowd = self.plan.crowd
        most = min(crowd.most_answers, 50)
        medium = "image" if crowd.kind == "boxes" else "text"
        config = {"labels": [{"id": _label_id(label), "name": {"en": label}} for label in crowd.labels]}
        return create_project(
            self.requester,
            organisation,
            title=f"Replay of {crowd.name}"[:120],
            task_type=crowd.kind,
            medium=medium,
            config=config if crowd.labels else {"language": "en", "kind": "transcription"},
            min_answers=most if self.plan.every else min(2, most),
            max_answers=most,
            target_ppm=999_999 if self.plan.every else self.plan.target_ppm,
            gold_share_bps=0,
            estimated_task_s=10,
        )

    def _add_items(self, organisation) -> None:
        dataset = create_dataset(self.requester, self.project, "recorded")
        tasks = self.plan.crowd.tasks
        if self.plan.crowd.kind == "boxes":
            for task in tasks:
                stored = media.store(organisation.pk, _blank(task, self.plan.crowd.size_px), f"{task}.png")
                self._item_of[task] = add_media_item(dataset, stored, external_id=task, file_name=f"{task}.png").pk
            return
        texts = {task: f"{self.plan.crowd.name}, task {task}" for task in tasks}
        rows = [
            Item(
                project=self.project,
                dataset=dataset,
                external_id=task,
                payload={"text": text},
                content_hash=text_hash(text),
            )
            for task, text in texts.items()
        ]
        Item.objects.bulk_create(rows, batch_size=2000)
        self._item_of = dict(Item.objects.filter(project=self.project).values_list("external_id", "pk"))

    def _hire(self, tag: str) -> None:
        for name in self.plan.crowd.workers:
            person = Person(email=f"{tag}-{name}@replay.example", display_name=name)
            person.set_unusable_password()
            person.save()
            self.workers[name] = Worker.objects.create(person=person)
            self.tokens[name] = make_token(person, "replay", ["work"])[1]
        mark_recorded(self.workers.values())

    def _deposit(self, organisation) -> None:
        from labelling.batches.escrow import escrow_micro

        needed = escrow_micro(self.batch, len(self.plan.crowd.tasks))
        deposit = send_order(request_deposit(self.requester, organisation, uuid.uuid4(), needed, "card-ok"))
        for _ in range(100):
            if balance(funds_of(organisation.pk), settings.CURRENCY) >= needed:
                return
            time.sleep(0.2)
            look_up_order(deposit)
        raise TimeoutError("The simulated rail did not take the deposit: is it running?")

    def _assign(self) -> None:
        row_of = dict(BatchItem.objects.filter(batch=self.batch).values_list("item_id", "pk"))
        rows = [
            Assignment(worker=self.workers[worker], batch_item_id=row_of[self._item_of[task]])
            for task, worker, _ in self.plan.crowd.answers
        ]
        Assignment.objects.bulk_create(rows, batch_size=5000)


def _waiting() -> int:
    """Events not delivered yet; a database that is just starting again is asked again."""
    for _ in range(RECONNECTS):
        try:
            return waiting()
        except OperationalError:
            connection.close()
            time.sleep(0.5)
    return waiting()


def _blank(task: str, size_px: tuple[int, int]) -> io.BytesIO:
    """The recorded boxes' pictures are not in the folder: an empty canvas of their size, with the task's name on it."""
    image = Image.new("RGB", size_px, (236, 230, 218))
    ImageDraw.Draw(image).text((10, 10), f"task {task}", fill=(60, 50, 40))
    out = io.BytesIO()
    image.save(out, "PNG")
    out.seek(0)
    return out


def _label_id(label: str) -> str:
    return label.lower()
