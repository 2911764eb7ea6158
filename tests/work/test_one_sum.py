"""Every figure of money that a worker is shown is the same sum, whatever happened to her: home, wallet, history, scores, news, statements.

Random histories (tests/work/money_history.py) are walked through the addresses that the phone asks. The control shows a figure that was
wrong once: today's sum of what was settled instead of what was given.
"""

import csv
import io
import re
from collections import Counter
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.test import Client

from labelling.models import Settlement
from labelling.work import scores as scores_module
from ledger import clock
from tests import sizes
from tests.payouts.test_statements import words_of
from tests.work.money_history import History, own_time

pytestmark = pytest.mark.django_db
HISTORIES, STEPS = 3, 120
OF_ANSWERS = {"earn", "settle", "base", "refuse", "top up"}  # kinds of line whose money is that of her answers


class Screens:
    """What the phone is told, read to the last page."""

    def __init__(self, worker) -> None:
        self.client = Client()
        self.client.force_login(worker.person)
        self.me = self.get("/me")["worker"]
        self.scores = self.get("/work/scores")
        self.answers = self.pages("/work/history")
        self.lines = {name: self.pages(f"/wallet/lines?account={name}") for name in ("available", "pending")}
        self.payouts = self.pages("/wallet/payouts")
        self.months = self.get("/wallet/statements")["results"]

    def get(self, path: str) -> dict:
        reply = self.client.get(f"/api/v1{path}")
        assert reply.status_code == 200, reply.content
        return reply.json()

    def pages(self, path: str) -> list[dict]:
        rows, url = [], f"/api/v1{path}"
        while url:
            page = self.client.get(url).json()
            rows, url = rows + page["results"], page["next"]
        return rows

    def file(self, month: str, kind: str) -> bytes:
        return self.client.get(f"/api/v1/wallet/statements/{month}", {"as": kind}).getvalue()


def paid(answer: dict) -> int:
    return answer["base_micro"] + (answer["bonus_micro"] or 0) + answer["top_up_micro"]


def micro(text: str) -> int:
    return int(Decimal(text.replace(",", "")) * 1_000_000)


def check_balances(shown: Screens) -> None:
    for name, lines in shown.lines.items():
        assert shown.me[f"{name}_micro"] == sum(line["amount_micro"] for line in lines)
        assert shown.me[f"{name}_micro"] == (lines[0]["balance_micro"] if lines else 0)
    out = sum(one["amount_micro"] for one in shown.payouts if one["state"] in ("created", "sent", "unknown"))
    assert shown.me["in_flight_micro"] == out


def check_earned(shown: Screens) -> int:
    """All that her answers brought: by answer, by project, by kind of task, by line of the ledger."""
    earned = sum(map(paid, shown.answers))
    assert earned == sum(row["earned_micro"] for row in shown.scores["results"])
    assert earned == sum(row["earned_micro"] for row in shown.scores["kinds"])
    lines = [*shown.lines["available"], *shown.lines["pending"]]
    assert earned == sum(line["amount_micro"] for line in lines if line["kind"] in OF_ANSWERS)
    return earned


def check_days(shown: Screens) -> None:
    days = Counter[str]()
    for answer in shown.answers:
        days[answer["at"][:10]] += paid(answer)
    told = {row["day"]: row["earned_micro"] for row in shown.scores["days"]}
    first = (
        (clock.now() - timedelta(days=scores_module.DAYS - 1)).date().isoformat()
    )  # the day before may be cut by the hour
    assert {day: n for day, n in told.items() if day >= first} == {day: n for day, n in days.items() if day >= first}
    assert shown.me["earned_today_micro"] == days[clock.today().isoformat()]
    assert 0 <= shown.me["yours_today_micro"] <= shown.me["earned_today_micro"]
    assert (shown.me["today_by"] is None) == (shown.me["yours_today_micro"] == shown.me["earned_today_micro"])


def check_news(shown: Screens) -> None:
    since = clock.now() - timedelta(days=29)
    told = shown.get(f"/work/news?since={since.isoformat().replace('+', '%2B')}")
    settled = Settlement.objects.filter(answer__in=[one["answer"] for one in shown.answers], settled_at__gt=since)
    hers = {str(pk) for pk in settled.values_list("answer_id", flat=True)}
    assert told["earned_micro"] == sum(paid(one) for one in shown.answers if one["answer"] in hers)


def check_statements(shown: Screens, earned: int) -> None:
    held = shown.me["available_micro"] + shown.me["pending_micro"]
    assert held == (shown.months[0]["closing_micro"] if shown.months else 0)
    besides = [line for line in shown.lines["available"] if line["kind"] not in OF_ANSWERS]
    assert held == earned + sum(line["amount_micro"] for line in besides)
    for month in shown.months:
        rows = list(csv.DictReader(io.StringIO(shown.file(month["month"], "csv").decode("utf-8-sig"))))
        amounts = [micro(row["amount"]) for row in rows]
        assert sum(one for one in amounts if one > 0) == month["in_micro"]
        assert sum(one for one in amounts if one < 0) == month["out_micro"]
        assert micro(rows[-1]["balance"]) == month["closing_micro"]
        assert month["opening_micro"] + sum(amounts) == month["closing_micro"]
        assert all(row["payer"] == "Acme" for row in rows if row["kind"] in OF_ANSWERS)
        words = words_of(shown.file(month["month"], "pdf"))
        assert [micro(one) for one in re.findall(r"(?:before|in|out|end): ([-\d,.]+) USD", words)] == [
            month[f"{name}_micro"] for name in ("opening", "in", "out", "closing")
        ]


def check_offers(shown: Screens) -> None:
    """The price on the list is that of the offer, and that of each answer that she gave to it."""
    for listed in shown.get("/work/batches")["results"]:
        offer = shown.get(f"/work/batches/{listed['batch']}")
        for name in ("base_micro", "bonus_micro", "topped_micro", "fee_micro", "currency", "wage_micro_per_hour"):
            assert offer[name] == listed[name]
        for line in shown.answers:
            if line["receipt"]["body"]["batch"] == str(listed["batch"]):
                assert line["base_micro"] == line["receipt"]["body"]["base_micro"] == offer["base_micro"]
                assert (line["bonus_micro"] or 0) <= line["receipt"]["body"]["bonus_micro"] == offer["bonus_micro"]
                assert line["top_up_micro"] <= offer["topped_micro"]


def look_at(worker) -> int:
    shown = Screens(worker)
    check_balances(shown)
    earned = check_earned(shown)
    check_days(shown)
    check_news(shown)
    check_statements(shown, earned)
    check_offers(shown)
    return earned


def walk(seeds: range) -> Counter[str]:
    seen = Counter[str]()
    for seed in seeds:
        with own_time() as time, transaction.atomic():
            history = History(seed, time)
            for n in range(STEPS):
                history.step()
                if n == STEPS // 2:
                    look_at(history.world.workers[seed % 5])
            seen["earned"] += sum(look_at(worker) > 0 for worker in history.world.workers)
            seen.update(history.seen)
            transaction.set_rollback(True)
    return seen


def test_every_figure_of_an_account_is_the_same_sum():
    seen = walk(range(sizes.SEED, sizes.SEED + HISTORIES))
    assert seen["earned"] >= 2, seen
    assert seen["accepted"] and seen["payout"] and seen["appeal"] and seen["slow"], seen  # noqa: PT018  all of it was tried


def test_control_a_day_that_counts_what_was_settled_is_found(monkeypatch):
    true = scores_module.today_of

    def settled_today(worker):
        rows = Settlement.objects.filter(worker=worker, settled_at__date=clock.today())
        return true(worker) | {"earned_micro": sum(row.base_micro + row.bonus_micro for row in rows)}

    monkeypatch.setattr("api.views.me.today_of", settled_today)
    with pytest.raises(AssertionError):
        walk(range(sizes.SEED, sizes.SEED + HISTORIES))
