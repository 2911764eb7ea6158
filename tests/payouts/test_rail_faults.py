"""Everything a rail does wrong, against a real one in a process of its own; at the end two sets of books are compared."""

import sqlite3
import uuid
from contextlib import closing
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from ledger.audit import findings
from ledger.factories import available_of, suspense_of
from ledger.models import Transfer
from ledger.posting import balance, trial_balance
from payouts.actions.request_payout import request_payout
from payouts.actions.send_order import send_order, submit
from payouts.actions.sweep import send_due, sweep_unknown
from payouts.models import Payout, new_reference
from payouts.providers import get_provider
from payouts.providers.base import Accepted, Order
from payouts.reconciliation import reconcile
from payouts.simulated_rail.faults import BY_SUFFIX
from payouts.tasks import advance_order, reconcile_books
from tests import sizes
from tests.ledger.helpers import in_threads
from tests.payouts.conftest import make_worker
from tests.roles import as_owner

pytestmark = pytest.mark.django_db(transaction=True)
ASKED = 2_000_000
SUFFIX = {fault: suffix for suffix, fault in BY_SUFFIX.items()}
AN_HOUR, A_DAY = timedelta(hours=1), timedelta(days=1)


def ask(worker, fault, n=0):
    return request_payout(worker, uuid.uuid4(), ASKED, f"+99900{n:04}{SUFFIX[fault]}")


def sweep(after=AN_HOUR):
    return sweep_unknown(timezone.now() + after)


def paid_times(rail, reference):
    with closing(sqlite3.connect(rail.books)) as books:
        sql = "SELECT count(*) FROM entries WHERE reference = ? AND kind = 'paid'"
        return books.execute(sql, [reference]).fetchone()[0]


def states():
    return {fault_of(p): p.state for p in Payout.objects.all()}


def fault_of(payout):
    return BY_SUFFIX[payout.destination[-2:]]


AFTER_TWO_SWEEPS = {
    "none": "paid",
    "cut": "paid",
    "error_before": "paid",
    "error_after": "paid",
    "five_callbacks": "paid",
    "early_callback": "paid",
    "failed_then_paid": "failed",
    "never": "sent",
    "reversed": "paid",
    "short": "paid",
    "forged": "paid",
    "storm": "paid",
    "drip": "paid",
    "refused": "failed",
    "fails": "failed",
    "over": "paid",
}


def the_faults(rail, each):
    """`each` payouts of every fault; no callback arrives, so the sweeps must find out everything by themselves."""
    worker = make_worker(len(BY_SUFFIX) * each * ASKED)
    for n in range(each):
        for fault in AFTER_TWO_SWEEPS:
            ask(worker, fault, n)
    assert send_due() == len(BY_SUFFIX) * each
    sweep()
    sweep(A_DAY)
    assert states() == AFTER_TWO_SWEEPS
    assert not Payout.objects.filter(state="unknown").exists()
    for payout in Payout.objects.all():
        assert paid_times(rail, payout.reference) == (payout.state == "paid"), fault_of(payout)
    found = reconcile(get_provider("simulated"))
    assert found.differences == []
    assert found.rail_micro == found.ledger_micro
    paid, short, over, kept = 12 * each, each, each, 3 * each
    assert found.rail_micro == {"USD": -(paid * ASKED - short * ASKED // 2 + over * ASKED)}
    assert balance(available_of(worker.pk), "USD") == kept * ASKED + short * ASKED // 2
    assert balance(suspense_of("simulated"), "USD") == -over * ASKED
    assert findings() == []
    return worker


def test_after_two_sweeps_nothing_is_unknown_nothing_is_paid_twice_and_the_books_agree(own_rail):
    assert AFTER_TWO_SWEEPS.keys() == set(BY_SUFFIX.values())
    worker = the_faults(own_rail, each=2)
    the_next_day(own_rail, worker, each=2)


@pytest.mark.slow
def test_the_same_with_many_of_each(own_rail):
    worker = the_faults(own_rail, each=sizes.PAYOUTS_EACH)
    the_next_day(own_rail, worker, each=sizes.PAYOUTS_EACH)


def the_next_day(rail, worker, each):
    """The rail changes its mind without a word: the comparison sees it, the daily task mends it with new transfers and alarms."""
    before, transfers = balance(available_of(worker.pk), "USD"), set(Transfer.objects.values_list("pk", flat=True))
    rail.tick(advance_s=86_400)
    assert {d.state for d in reconcile(get_provider("simulated")).differences} == {"failed", "paid"}
    out = StringIO()
    with pytest.raises(CommandError, match=f"{2 * each} of {13 * each} references differ"):
        call_command("reconcile", stdout=out)
    assert out.getvalue().count("ILM") == 2 * each
    assert reconcile_books() == 0
    call_command("reconcile", "--look-up", stdout=out)
    assert f"The books agree on {13 * each} references." in out.getvalue()
    assert states() == AFTER_TWO_SWEEPS | {"failed_then_paid": "paid", "reversed": "reversed"}
    assert balance(available_of(worker.pk), "USD") == before + each * ASKED
    assert balance(suspense_of("simulated"), "USD") == -2 * each * ASKED
    assert transfers < set(Transfer.objects.values_list("pk", flat=True))
    alarmed = {fault_of(p) for p in Payout.objects.exclude(alarm="")}
    assert alarmed == {"failed_then_paid", "reversed", "short", "over"}
    assert findings() == []


def test_control_a_new_reference_while_the_outcome_is_unknown_pays_twice_and_the_comparison_says_so(own_rail):
    payout = ask(make_worker(), "cut")
    send_order(payout)
    first = payout.reference
    payout.refresh_from_db()
    assert payout.state == "unknown"
    with as_owner():
        Payout.objects.filter(pk=payout.pk).update(reference=new_reference())
    payout.refresh_from_db()
    submit(payout)
    assert paid_times(own_rail, first) + paid_times(own_rail, payout.reference) == 2
    sweep()
    (difference,) = reconcile(get_provider("simulated")).differences
    assert (difference.reference, difference.difference_micro, difference.state) == (first, -ASKED, "not ours")


def test_a_rail_that_never_answers_is_asked_more_and_more_rarely_and_then_a_person_is_called(rail):
    payout = ask(make_worker(), "never")
    send_order(payout)
    now = timezone.now()
    waits = []
    for _ in range(20):
        now += timedelta(days=1)
        assert sweep_unknown(now) == 1
        assert sweep_unknown(now) == 0
        payout.refresh_from_db()
        waits.append((payout.next_try_at - now).total_seconds())
    assert waits[:5] == [60, 120, 240, 480, 960]
    assert max(waits) == 6 * 3600
    assert payout.state == "sent"
    assert payout.alarm == "The rail has not said how it ended in 20 tries."
    assert balance(available_of(payout.worker_id), "USD") == 100_000_000 - ASKED


def test_eight_senders_at_once_submit_once(rail):
    payout = ask(make_worker(), "none")
    results = in_threads(8, lambda n: send_order(Payout.objects.get(pk=payout.pk)).state)
    assert set(results) <= {"sent", "created"}
    with closing(sqlite3.connect(rail.books)) as books:
        assert books.execute("SELECT count FROM tries WHERE reference = ?", [payout.reference]).fetchone() == (1,)


def test_eight_sweeps_at_once_post_once(own_rail):
    worker = make_worker()
    for n in range(10):
        ask(worker, "none", n)
    in_threads(4, lambda n: send_due())
    later = timezone.now() + AN_HOUR
    counts = in_threads(8, lambda n: sweep_unknown(later))
    assert sum(counts) == 10
    assert Transfer.objects.filter(kind="payout paid").count() == 10
    assert reconcile(get_provider("simulated")).differences == []


def test_a_sender_killed_before_its_first_byte_is_made_good_by_the_sweep(own_rail):
    """The row says sent, the rail never heard of it: look up, then submit under the same reference."""
    payout = ask(make_worker(), "none")
    Payout.objects.filter(pk=payout.pk).update(state="sent", next_try_at=timezone.now())
    sweep()
    sweep(A_DAY)
    payout.refresh_from_db()
    assert (payout.state, paid_times(own_rail, payout.reference)) == ("paid", 1)


def test_a_rail_killed_again_and_again_pays_each_once(own_rail):
    worker = make_worker()
    payouts = [ask(worker, "none", n) for n in range(40)]

    def work(n):
        if n:
            return send_due()
        for _ in range(4):
            own_rail.kill()
            own_rail.start()
        return 0

    in_threads(2, work)
    sweep()
    sweep(A_DAY)
    assert {p.state for p in Payout.objects.all()} == {"paid"}
    assert [paid_times(own_rail, p.reference) for p in payouts] == [1] * 40
    assert reconcile(get_provider("simulated")).differences == []


def test_a_rail_that_is_down_leaves_everything_to_a_later_sweep(own_rail):
    payout = ask(make_worker(), "none")
    own_rail.kill()
    send_due()
    sweep()
    payout.refresh_from_db()
    assert payout.state == "unknown"
    assert "ConnectionRefusedError" in payout.code
    own_rail.start()
    sweep(A_DAY)
    sweep(2 * A_DAY)
    payout.refresh_from_db()
    assert (payout.state, payout.code, paid_times(own_rail, payout.reference)) == ("paid", "", 1)


def test_money_that_left_without_an_order_of_ours_stays_a_difference_for_a_person(own_rail, caplog):
    alien = Order("payout", "alien", ASKED, "USD", "+27820000001")
    assert get_provider("simulated").submit(alien) == Accepted()
    assert reconcile_books() == 1
    assert "the rail's books and ours differ: Difference(reference='alien'" in caplog.text


def test_the_rails_fee_is_booked_as_a_cost(own_rail):
    own_rail.kill()
    own_rail.fee_micro = 30_000
    own_rail.start()
    payout = ask(make_worker(), "none")
    assert advance_order("payout", str(payout.pk)) == "sent"
    assert advance_order("payout", str(payout.pk)) == "paid"
    assert {(row.kind, row.sum_micro) for row in trial_balance()} >= {("provider_cost", -30_000)}
    assert reconcile(get_provider("simulated")).rail_micro == {"USD": -ASKED - 30_000}
    assert reconcile(get_provider("simulated")).differences == []


@pytest.fixture
def hears(own_rail, live_server, settings, monkeypatch):
    """The platform listens for callbacks, and what they wake is done at once instead of by a Celery worker."""
    settings.ALLOWED_HOSTS, settings.ROOT_URLCONF = ["*"], "payouts.urls"
    own_rail.kill()
    own_rail.callback = f"{live_server.url}/rails/simulated/callback"
    own_rail.start()
    monkeypatch.setattr("payouts.actions.handle_callback.enqueue", lambda kind, pk: advance_order(kind, str(pk)))
    return own_rail


def test_callbacks_alone_bring_every_outcome(hears, caplog):
    worker = make_worker()
    for fault in AFTER_TWO_SWEEPS:
        ask(worker, fault)
    send_due()
    hears.tick()
    unheard = {"never": "sent", "error_before": "unknown", "storm": "unknown"}
    assert states() == AFTER_TWO_SWEEPS | unheard
    hears.tick(advance_s=3_600)
    hears.tick(advance_s=86_400)
    assert states() == AFTER_TWO_SWEEPS | unheard | {"failed_then_paid": "paid", "reversed": "reversed"}
    assert reconcile(get_provider("simulated")).differences == []
    forged = [line for line in caplog.messages if "callback was refused" in line]
    assert forged == ["a callback was refused: The signature is not the rail's."]
    assert findings() == []


def test_a_callback_before_the_answer_is_not_undone_by_the_answer(hears):
    payout = ask(make_worker(), "early_callback")
    send_order(payout)
    payout.refresh_from_db()
    assert payout.state == "paid"
    assert Transfer.objects.filter(kind="payout paid").count() == 1
