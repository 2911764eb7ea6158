"""A real rail in a process of its own, and a worker with money."""

import os
import re
import subprocess
import sys
import uuid
from pathlib import Path

import pytest
from django.conf import settings as django_settings

from ledger import factories
from ledger.posting import post_many
from payouts.providers import get_provider
from payouts.providers.http import exchange
from people.models import Organisation, Person, Worker

ROOT = Path(__file__).resolve().parents[2]
SECRET = "a-secret-for-tests"


class RailProcess:
    """`python -m payouts.simulated_rail --by-hand`: it sends callbacks and lets time pass only when told to."""

    def __init__(self, books, fee_micro=0):
        self.books, self.fee_micro, self.callback, self.port, self.process = books, fee_micro, "", 0, None

    def start(self):
        command = [
            sys.executable,
            "-m",
            "payouts.simulated_rail",
            "--by-hand",
            "--secret",
            SECRET,
            "--books",
            str(self.books),
        ]
        command += ["--port", str(self.port), "--callback", self.callback, "--fee-micro", str(self.fee_micro)]
        environment = {**os.environ, "PYTHONPATH": str(ROOT / "platform")}
        self.process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
        self.port = int(re.search(r":(\d+)$", self.process.stdout.readline())[1])
        return self

    def kill(self):
        """kill -9"""
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def tick(self, advance_s=0):
        reply = exchange(
            "POST", f"{self.url}/control/tick", {"Authorization": f"Bearer {SECRET}"}, {"advance_s": advance_s}, 60
        )
        assert reply.status == 200
        return reply.body["sent"]

    def take_back(self, reference, amount_micro=None):
        body = {"reference": reference, "amount_micro": amount_micro}
        reply = exchange("POST", f"{self.url}/control/take-back", {"Authorization": f"Bearer {SECRET}"}, body)
        assert reply.status == 200

    def order(self, reference):
        return exchange("GET", f"{self.url}/orders/{reference}", {"Authorization": f"Bearer {SECRET}"}).body

    def paid_times(self, reference):
        return sum(
            entry.reference == reference and entry.kind == "paid" for entry in get_provider("simulated").statement()
        )


@pytest.fixture(scope="session")
def _rail(tmp_path_factory):
    rail = RailProcess(tmp_path_factory.mktemp("rail") / "books.sqlite").start()
    yield rail
    rail.kill()


@pytest.fixture
def rail(_rail, settings):
    """The rail of this session. Its books are never emptied, so tests look at their own references."""
    settings.RAIL_URL, settings.RAIL_SECRET, settings.RAIL_DEADLINE_S = _rail.url, SECRET, 0.6
    return _rail


@pytest.fixture
def own_rail(tmp_path, settings):
    """A rail with empty books, for tests that compare whole books."""
    rail = RailProcess(tmp_path / "books.sqlite").start()
    settings.RAIL_URL, settings.RAIL_SECRET, settings.RAIL_DEADLINE_S = rail.url, SECRET, 0.6
    yield rail
    rail.kill()


@pytest.fixture
def organisation(db):
    return Organisation.objects.create(name="Field Museum")


@pytest.fixture
def requester(db):
    return Person.objects.create_user(email="requester@example.org")


@pytest.fixture
def worker(db):
    return make_worker()


def make_worker(available_micro=100_000_000):
    """A worker who has earned `available_micro`, by the verbs that pay her in life."""
    worker = Worker.objects.create(person=Person.objects.create_user(phone=f"+2782{uuid.uuid4().int % 10**7:07}"))
    currency, batch, answer = django_settings.CURRENCY, worker.pk, uuid.uuid4()
    post_many([factories.fund_batch(batch, 1, available_micro, currency)] if _funds(available_micro) else [])
    post_many([factories.earn(answer, batch, worker.pk, available_micro, currency)])
    post_many([factories.settle(answer, batch, worker.pk, available_micro, 0, 0, currency)])
    return worker


def _funds(amount_micro):
    """Money of an organisation that came in through a rail which is none of these tests' business."""
    return post_many([factories.deposit(uuid.uuid4().hex, 1, amount_micro, django_settings.CURRENCY, "elsewhere")])
