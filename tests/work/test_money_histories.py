"""Random histories of money, and their law: nobody is paid what nobody escrowed, a requester gets no counted label unpaid, a worker
loses no pay that she could not know she would lose, and the platform's own accounts never lose.

The bar is 2,000 histories of 200 steps, in one command (a process for each core; some 35 minutes of two idle ones):

    ILIMA_MONEY_HISTORIES=2000 .venv/bin/python -m pytest -n 2 -m slow tests/work/test_money_histories.py
"""

from collections import Counter
from collections.abc import Callable

import pytest
from django.db import transaction

from labelling.task_types.errors import BadAnswer
from labelling.work import accept_answers
from labelling.work.submissions import Result, refused
from ledger.errors import InsufficientFunds
from tests import sizes
from tests.work import money_laws
from tests.work.money_history import Flagged, Greedy, History, own_time
from tests.work.money_history_changed import Changed

pytestmark = pytest.mark.django_db
LOOK_EVERY = 40


def run(seed: int, steps: int, kind: type[History] = History) -> Counter[str]:
    """One history, in a savepoint of its own: the next one begins with nothing of it. What happened in it."""
    done: list[str] = []
    try:
        with own_time() as time, transaction.atomic():
            history = kind(seed, time)
            for n in range(steps):
                done.append(history.step())
                (money_laws.all_of_it if n % LOOK_EVERY == LOOK_EVERY - 1 else money_laws.after_a_step)(history)
            done.append("finish")
            history.finish()
            money_laws.at_the_end(history)
            history.seen.update(money_laws.what_happened(history))
            transaction.set_rollback(True)
        return history.seen
    except AssertionError as broken:
        raise AssertionError(f"history {seed}, after {len(done)} steps, the last {done[-5:]}: {broken}") from broken


def run_all(count: int, steps: int, kind: type[History] = History) -> Counter[str]:
    seen = Counter[str]()
    for n in range(count):
        seen.update(run(sizes.SEED + n, steps, kind))
    return seen


# All of this must have happened somewhere, or the histories prove little. What is rarer has tests of its own.
HAPPENS = {
    "accepted", "repeated", "lease_returned", "lease_ended", "conflict", "invalid", "not_found", "late and counted",
    "late and paid", "appeal paid", "topped up", "refunded",
}  # fmt: skip


MOST = 200  # histories, until it has happened: some of it comes once in ten, and chance in the database has a say


def run_until(happened: Callable[[Counter[str]], bool], least: int, steps: int, kind: type[History] = History):
    seen, done = run_all(least, steps, kind), least
    while not happened(seen) and done < MOST:
        seen.update(run(sizes.SEED + done, steps, kind))
        done += 1
    assert happened(seen), seen
    return seen


def test_the_law_holds_in_random_histories():
    run_until(lambda seen: all(seen[name] for name in HAPPENS), sizes.MONEY_HISTORIES_FAST, 60)


def test_nor_does_anybody_break_it_who_answers_what_she_gave_back():
    seen = run_until(lambda seen: seen["lease_returned"] > 20, 5, 60, Greedy)
    assert not seen["accepted"]


def test_nor_where_decisions_are_taken_back_for_flags():
    run_until(lambda seen: seen["taken back"] > 2, 10, 80, Flagged)


# A verb that was always refused proves nothing. The rarer ones (asked again, renewed, merged, taken back) come in the long histories.
CHANGES = {
    "accepted",
    "topped up",
    "did change_labels",
    "did correct_label",
    "did set_gold",
    "did retire_gold",
    "did remove_items",
}


def test_nor_while_the_requester_changes_everything():
    run_until(lambda seen: all(seen[name] for name in CHANGES), 4, 80, Changed)


PARTS = min(200, sizes.MONEY_HISTORIES)


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_the_law_holds_in_many_long_histories(part):
    for seed in range(sizes.SEED + part, sizes.SEED + sizes.MONEY_HISTORIES, PARTS):
        run(seed, sizes.MONEY_STEPS, (History, Changed)[seed % 2])


def yesterdays_check(row, _now) -> Result:
    """As it was: it looked at the owner of the lease and at whether it was answered, and at nothing else."""
    if row.known_sha256 is not None:
        return accept_answers._check_known(row)
    if row.lease_id is None:
        return refused(row.sent.id, "not_found", "lease", "There is no such lease.")
    if row.answered_id is not None:
        return refused(row.sent.id, "conflict", "lease", "This lease was answered under another id.")
    try:
        row.value = accept_answers.task_types.get(row.task_type).parse(row.sent.value, row.question)
    except BadAnswer as bad:
        return refused(row.sent.id, "invalid", bad.field, str(bad))
    row.body_sha256 = accept_answers._hash(row.value)
    if row.truth is not None:
        kind = accept_answers.task_types.get(row.task_type)
        row.gold_right = kind.is_right(row.value, row.truth, row.question)
    return Result(row.sent.id, "accepted")


@pytest.mark.parametrize("sees", ["what she was told", "money alone"])
def test_control_with_the_check_of_before_the_law_is_broken_within_these_histories(monkeypatch, sees):
    """ "money alone": what an answer becomes is believed; then an escrow is short of what can be claimed, or cannot pay at all."""
    monkeypatch.setattr(accept_answers, "_check", yesterdays_check)
    if sees == "money alone":
        monkeypatch.setattr(Greedy, "post", _post_and_believe)
    kind = History if sees == "what she was told" else Greedy
    with pytest.raises((AssertionError, InsufficientFunds)):
        run_all(sizes.MONEY_HISTORIES_FAST, 60, kind)


def _post_and_believe(history: History, worker, entries: list[dict], _: list[str]) -> None:
    for entry, result in zip(entries, accept_answers.accept_answers(worker, entries), strict=True):
        assert result.status != "waits", "an escrow cannot pay"
        history.leases[entry["lease"]].answered |= result.status == "accepted"
