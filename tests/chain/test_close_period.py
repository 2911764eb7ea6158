"""Closing a period: every wallet line stated once, sums equal to the ledger, roots that lead to each leaf."""

import threading

import pytest
from django.db import connection, transaction

from anchoring.actions.close_period import BooksDisagree, close_period
from anchoring.models import Period, Statement, StatementLine
from ledger.hash_chain import head, seal
from proofs import MerkleTree, check_headers, header_hash
from proofs.headers import EMPTY_ROOT, GENESIS
from tests.chain.world import earn, fund, make_worker, request_payout
from tests.roles import as_owner

pytestmark = pytest.mark.django_db(transaction=True)


def figures(statement: Statement) -> tuple:
    return statement.opening_micro, statement.earned_micro, statement.paid_micro, statement.balance_micro


def test_nothing_happened_nothing_is_closed():
    assert close_period() is None
    fund()
    assert close_period() is None
    assert not Period.objects.exists()


def test_statements_equal_the_wallets_and_open_where_the_last_ended():
    fund()
    thandi, sipho = make_worker(), make_worker()
    earn(thandi, 1000, 250)
    earn(sipho, 500)
    seal()
    first = close_period()
    assert (first.number, first.header["prev"], first.statement_count) == (0, GENESIS, 2)
    assert figures(first.statements.get(worker=thandi)) == (0, 1250, 0, 1250)
    assert figures(first.statements.get(worker=sipho)) == (0, 500, 0, 500)
    assert first.header_hash == header_hash(first.header)
    assert first.header["ledger_head"] == head().hex() != "00" * 32

    earn(thandi, 1000, 0)
    request_payout(thandi, 1200)
    second = close_period()
    assert figures(second.statements.get()) == (1250, 1000, 1200, 1050)
    assert check_headers([first.header, second.header]) == []
    assert close_period() is None
    assert Period.objects.count() == 2


def test_every_leaf_is_under_the_root_and_salts_differ():
    fund()
    workers = [make_worker() for _ in range(5)]
    for worker in workers:
        earn(worker, 700, 30)
    period = close_period()
    statements = list(period.statements.all())
    tree = MerkleTree([bytes.fromhex(s.leaf) for s in statements])
    assert tree.root.hex() == period.statements_root == period.header["statements_root"]
    assert len({s.salt for s in statements} | {s.pseudonym for s in statements}) == 10
    assert period.commitments_root == EMPTY_ROOT


def test_two_currencies_are_two_statements():
    fund()
    fund(currency="KES")
    worker = make_worker()
    earn(worker, 1000)
    earn(worker, 90_000, currency="KES")
    period = close_period()
    assert {s.currency: s.balance_micro for s in period.statements.all()} == {"USD": 1000, "KES": 90_000}


def test_a_transfer_committed_late_is_stated_in_the_next_period():
    """Its legs have lower numbers than those already stated: a watermark on ids alone would lose it."""
    fund()
    early, late = make_worker(), make_worker()
    started, may_commit = threading.Event(), threading.Event()

    def slow_transaction():
        with transaction.atomic():
            earn(late, 800)
            started.set()
            may_commit.wait(20)
        connection.close()

    fund(batch=2, organisation=2)
    thread = threading.Thread(target=slow_transaction)
    thread.start()
    assert started.wait(20)
    # `early` is paid from another batch: the slow transaction holds the row of its own.
    earn(early, 900, batch=2)
    first = close_period()
    assert [s.worker_id for s in first.statements.all()] == [early.pk]
    may_commit.set()
    thread.join()
    second = close_period()
    assert [(s.worker_id, s.balance_micro) for s in second.statements.all()] == [(late.pk, 800)]
    assert StatementLine.objects.get(worker=late).transfer_id < StatementLine.objects.get(worker=early).transfer_id


def test_books_that_disagree_close_nothing():
    fund()
    worker = make_worker()
    earn(worker, 1000)
    close_period()
    with as_owner():
        Statement.objects.update(balance_micro=999, earned_micro=999)
    earn(worker, 1000)
    with pytest.raises(BooksDisagree, match="statements end at 1999 USD, the wallet holds 2000"):
        close_period()
    assert Period.objects.count() == 1


def test_two_closers_at_once_make_one_period():
    fund()
    earn(make_worker(), 1000)
    results = []

    def close():
        results.append(close_period())
        connection.close()

    threads = [threading.Thread(target=close) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(result is not None for result in results) == 1
    assert StatementLine.objects.count() == 1
