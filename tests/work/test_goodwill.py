"""Whose money a wrong known task costs: its requester's. The platform's own pocket is funded, small, and heard of."""

import logging
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client

from delivery import outbox
from kernel.errors import Conflict, Forbidden, NotFound
from labelling.batches.claims import kept_micro
from labelling.batches.close_batch import close_batch
from labelling.gold.appeal_gold import appeal_gold
from labelling.gold.decide_gold_appeal import decide_gold_appeal
from labelling.gold.end_gold_appeals import end_gold_appeals
from labelling.gold.fund_goodwill import fund_goodwill
from labelling.gold.goodwill import pocket
from labelling.models import Answer, AppealPayment, Batch, GoldAppeal, Settlement
from labelling.tasks import refund_closed_batches
from labelling.work.accept_answers import accept_answers
from labelling.work.draw_work import draw_work
from ledger import factories
from ledger.audit import findings
from ledger.errors import InsufficientFunds
from ledger.models import Account, Leg, Transfer
from ledger.posting import balance, post_many
from ledger.transfers import Transfer as Spec
from people.models import AuditEntry, Membership, Organisation, Person
from tests.work.money_history import own_time
from tests.worlds import answer_to, opened, sentiment_world

pytestmark = pytest.mark.django_db
BONUS, GOLDS, DAY = 100_000_000, 6, timedelta(days=1)
FUNDS = 3_000_000_000


@pytest.fixture(autouse=True)
def time():
    with own_time() as time:
        yield time


@pytest.fixture
def admin():
    return Person.objects.create_user(email="admin@example.org", is_staff=True)


@pytest.fixture
def reviewers():
    return [Person.objects.create_user(email=f"reviewer-{n}@example.org", is_reviewer=True) for n in (1, 2)]


def missed(time, workers: int = 1, between: timedelta = timedelta()):
    """Wrong known tasks and a large bonus: her worker misses some, the batch is over, its requester has what was not spent."""
    project = {"golds": GOLDS, "gold_share_bps": 5000, "min_answers": workers, "max_answers": workers}
    world = opened(
        sentiment_world(items=8, workers=workers, funds_micro=FUNDS * workers, **project),
        base_micro=10_000,
        bonus_micro=BONUS,
    )
    first, *others = world.workers
    misses_all(world, first)
    time.at += between
    for worker in others:
        misses_all(world, worker)
    drain()
    world.batch.refresh_from_db()
    if world.batch.state == "open":
        close_batch(world.requester, world.batch)
    drain()
    refund_closed_batches()
    return world


def misses_all(world, worker) -> None:
    while lent := draw_work(worker, world.batch, 2):
        accept_answers(worker, [answer_to(one, {"label": "bad"}) for one in lent])


def misses_until(world, worker, count: int) -> None:
    while len(misses_of(worker)) < count:
        [lent] = draw_work(worker, world.batch, 1)
        accept_answers(worker, [answer_to(lent, {"label": "bad"})])


def drain() -> None:
    while outbox.drain():
        continue


def misses_of(worker):
    """Those that cost her something: the first one taught (test_first_miss.py)."""
    missed = Answer.objects.filter(worker=worker, gold_right=False).exclude(settlement__taught=True)
    return list(missed.order_by("seq"))


def funds(world) -> int:
    return balance(factories.funds_of(world.organisation.pk), "USD")


def escrow(world) -> int:
    return balance(factories.escrow_of(world.batch.pk), "USD")


def has(worker) -> int:
    return balance(factories.available_of(worker.pk), "USD")


def all_won(world, reviewers) -> None:
    for worker in world.workers:
        for miss in misses_of(worker):
            if not GoldAppeal.objects.filter(answer=miss, outcome="won").exists():
                appeal_gold(worker, miss.pk)
                for reviewer in reviewers:
                    if not GoldAppeal.objects.filter(answer=miss, outcome="won").exists():
                        decide_gold_appeal(reviewer, miss.pk, "won", "She was right.")


@pytest.mark.parametrize("workers", [1, 3])
def test_a_wrong_known_task_is_paid_by_its_requester_to_the_micro_unit(time, reviewers, workers):
    """Worker and requester together have what was deposited, less fees: nobody made money, however many gave the same answer."""
    world = missed(time, workers)
    assert all(len(misses_of(worker)) >= 2 for worker in world.workers)
    before = sum(has(worker) for worker in world.workers)
    all_won(world, reviewers)
    paid = sum(has(worker) for worker in world.workers) - before
    assert paid == sum(GoldAppeal.objects.values_list("paid_micro", flat=True)) > BONUS
    assert set(AppealPayment.objects.values_list("source", flat=True)) == {"escrow"}
    time.at += 20 * DAY
    end_gold_appeals()
    refund_closed_batches()
    assert escrow(world) == 0
    assert funds(world) + sum(has(worker) for worker in world.workers) == FUNDS * workers
    assert balance(factories.goodwill_of_platform(), "USD") == 0
    assert findings() == []


def test_seventy_two_hours_of_silence_print_no_money_either(time):
    world = missed(time)
    [worker] = world.workers
    for miss in misses_of(worker)[:3]:
        appeal_gold(worker, miss.pk)
    time.at += 3 * DAY
    assert end_gold_appeals() == 3
    assert set(AppealPayment.objects.values_list("source", flat=True)) == {"escrow"}
    time.at += 20 * DAY
    refund_closed_batches()
    assert funds(world) + has(worker) == FUNDS


def test_unspent_bonus_is_kept_while_a_miss_may_still_be_won_and_no_longer(time):
    world = missed(time)
    unspent = sum(BONUS - bonus for bonus in Settlement.objects.values_list("bonus_micro", flat=True))
    assert (
        0 < kept_micro(world.batch) == escrow(world) < unspent
    )  # a bonus lost to the crowd's disagreement is not won back
    time.at += 13 * DAY
    assert refund_closed_batches() == 0
    appeal_gold(world.workers[0], misses_of(world.workers[0])[0].pk)
    time.at += 2 * DAY  # too late to ask, and one that was asked waits for its answer
    assert refund_closed_batches() == 1
    assert 0 < kept_micro(world.batch) == escrow(world)
    time.at += 2 * DAY
    end_gold_appeals()
    assert escrow(world) == 0
    assert set(AppealPayment.objects.values_list("source", flat=True)) == {"escrow"}


def test_a_miss_of_today_keeps_nothing_of_what_was_settled_before_it(time):
    """Found by random histories: a batch that had given all back was asked to keep a bonus again."""
    world = opened(
        sentiment_world(items=12, workers=1, funds_micro=4 * FUNDS, golds=8, gold_share_bps=5000, min_answers=1, max_answers=1),
        base_micro=10_000,
        bonus_micro=BONUS,
    )  # fmt: skip
    first, worker = world.batch, world.workers[0]
    misses_until(world, worker, 1)
    close_batch(world.requester, Batch.objects.get(pk=first.pk))
    drain()
    time.at += 18 * DAY
    refund_closed_batches()
    assert escrow(world) == kept_micro(first) == 0
    opened(world, base_micro=10_000, bonus_micro=BONUS)
    misses_until(world, worker, 2)
    drain()
    assert kept_micro(first) == 0 < kept_micro(world.batch)


def test_a_batch_without_a_miss_keeps_nothing():
    world = opened(sentiment_world(items=2, workers=2, min_answers=1, max_answers=1))
    accept_answers(
        world.workers[0], [answer_to(one, {"label": "good"}) for one in draw_work(world.workers[0], world.batch, 2)]
    )
    drain()
    refund_closed_batches()
    assert (Batch.objects.get().state, escrow(world)) == ("closed", 0)


def robbed(world) -> None:
    """As batches are that were refunded before the bonus was kept, of a requester who has taken her money along."""
    post_many([factories.close_batch(world.batch.pk, world.organisation.pk, escrow(world), "USD", part=9)])
    post_many([factories.fund_batch(9_999, world.organisation.pk, funds(world), "USD")])


def test_what_nobody_has_the_money_for_stays_owed_and_is_paid_when_it_comes(time, reviewers, settings):
    world = missed(time)
    [worker] = world.workers
    robbed(world)
    before = has(worker)
    all_won(world, reviewers)
    owed = GoldAppeal.objects.order_by("-decided_at").first().owed_micro
    assert (has(worker), AppealPayment.objects.count()) == (before, 0)
    assert owed > BONUS
    end_gold_appeals()
    assert has(worker) == before
    post_many([factories.deposit("later", world.organisation.pk, 2 * owed, "USD", "simulated")])
    end_gold_appeals()
    assert has(worker) == before + owed
    assert not GoldAppeal.objects.filter(owed_micro__gt=0).exists()
    assert funds(world) == owed


def test_goodwill_gives_a_few_cents_with_an_entry_and_an_alarm_within_a_days_budget(
    time, reviewers, admin, settings, caplog, django_capture_on_commit_callbacks
):
    settings.GOODWILL_APPEAL_MICRO, settings.GOODWILL_DAY_MICRO = 50_000, 70_000
    world = missed(time)
    [worker] = world.workers
    robbed(world)
    fund_goodwill(admin, 1_000_000, "own-1", "simulated")
    before = has(worker)
    with caplog.at_level(logging.ERROR), django_capture_on_commit_callbacks(execute=True):
        all_won(world, reviewers)
    assert has(worker) - before == 70_000  # 50,000 for the first, and what the day had left
    given = AuditEntry.objects.filter(action="goodwill.give")
    assert [entry.detail["amount_micro"] for entry in given.order_by("pk")] == [50_000, 20_000]
    assert sum("goodwill paid" in line for line in caplog.messages) == 2
    assert pocket().left_micro == 0
    assert balance(factories.goodwill_of_platform(), "USD") == 930_000
    page = Client()
    page.force_login(admin)
    assert "0.93" in page.get("/console/admin/ledger/").text


def test_no_program_can_take_goodwill_below_zero():
    with pytest.raises(InsufficientFunds, match="goodwill"):
        post_many([factories.goodwill("x", 1, 1, "USD", "why not")])
    post_many([factories.fund_goodwill("own", 5, 0, "USD", "simulated")])
    own = Account.objects.get(kind="goodwill")
    away = Account.objects.get(kind="provider_float")
    with pytest.raises(IntegrityError, match="never_negative"), transaction.atomic():
        by_hand(own, away)


def by_hand(own: Account, away: Account) -> None:
    """Around the ledger's own function."""
    transfer = Transfer.objects.create(key="by hand", kind="goodwill", currency="USD", body_hash=bytes(32))
    legs = [Leg(transfer=transfer, account=own, amount_micro=-6), Leg(transfer=transfer, account=away, amount_micro=6)]
    Leg.objects.bulk_create(legs)


def test_the_operator_funds_it_and_what_was_given_before_comes_first(admin, capsys):
    before = factories.goodwill_before_funding()
    post_many([Spec("old", "bring forward", "USD", factories.moved(before, factories.available_of(1), 3_000_000))])
    call_command("fund_goodwill", "5.00", reference="own-1", by=admin.email)
    call_command("fund_goodwill", "2.50", reference="own-2", by=admin.email)
    assert (balance(before, "USD"), balance(factories.goodwill_of_platform(), "USD")) == (0, 4_500_000)
    assert balance(factories.float_of("simulated"), "USD") == -7_500_000
    assert "holds 4.500000 USD" in capsys.readouterr().out
    assert AuditEntry.objects.filter(action="goodwill.fund", actor=admin).count() == 2
    call_command("fund_goodwill", "2.50", reference="own-2", by=admin.email)  # booked once
    assert balance(factories.goodwill_of_platform(), "USD") == 4_500_000
    for amount, by, said in (
        ("2.51", admin.email, "booked already"),
        ("-1", admin.email, "more than nothing"),
        ("five", admin.email, "not an amount"),
        ("1", "nobody@example.org", "Nobody here"),
    ):
        with pytest.raises(CommandError, match=said):
            call_command("fund_goodwill", amount, reference="own-2", by=by)
    with pytest.raises(Forbidden):
        fund_goodwill(Person.objects.create_user(email="x@example.org"), 1, "own-3", "simulated")


def test_where_much_money_follows_two_people_say_so(time, reviewers, settings):
    world = missed(time)
    [worker] = world.workers
    miss, *_ = misses_of(worker)
    appeal_gold(worker, miss.pk)
    before, record = has(worker), AppealPayment.objects.count()
    first, second = reviewers
    page = Client()
    page.force_login(first)
    assert page.post(f"/console/appeals/{miss.pk}/", {"outcome": "won"}, follow=True).status_code == 200
    appeal = GoldAppeal.objects.get(answer=miss)
    assert (appeal.outcome, appeal.first_by, has(worker), AppealPayment.objects.count()) == ("", first, before, record)
    with pytest.raises(NotFound):
        decide_gold_appeal(first, miss.pk, "won", "")
    decide_gold_appeal(second, miss.pk, "won", "")
    appeal.refresh_from_db()
    assert (appeal.outcome, appeal.decided_by, appeal.paid_micro > settings.APPEAL_SECOND_MICRO) == (
        "won",
        second,
        True,
    )
    assert AuditEntry.objects.filter(action="gold_appeals.first_of_two", actor=first).count() == 1
    with pytest.raises(IntegrityError, match="second_person"), transaction.atomic():
        GoldAppeal.objects.update(first_by=second)


def test_nobody_decides_or_appeals_within_her_own_circle(time, reviewers):
    world = missed(time)
    [worker] = world.workers
    miss, other, *_ = misses_of(worker)
    appeal_gold(worker, miss.pk)
    somewhere = Organisation.objects.create(name="Elsewhere")
    for person in (reviewers[0], worker.person):
        Membership.objects.create(organisation=somewhere, person=person, role="owner")
    with pytest.raises(NotFound):
        decide_gold_appeal(reviewers[0], miss.pk, "won", "")
    Membership.objects.create(organisation=world.organisation, person=worker.person, role="owner")
    with pytest.raises(Conflict, match="organisation that you belong to") as refusal:
        appeal_gold(worker, other.pk)
    assert refusal.value.code == "own_organisation"


def test_a_won_miss_of_long_ago_does_not_reach_those_who_could_not_ask_any_more(time, reviewers):
    """For them nothing was kept: otherwise one appeal would make money for everybody who ever gave the answer."""
    world = missed(time, 2, between=15 * DAY)
    early, late = world.workers
    both = {miss.item_id for miss in misses_of(early)} & {miss.item_id for miss in misses_of(late)}
    hers = Answer.objects.filter(worker=late, item__in=both).first()
    appeal_gold(late, hers.pk)
    for reviewer in reviewers:
        if not GoldAppeal.objects.filter(answer=hers, outcome="won").exists():
            decide_gold_appeal(reviewer, hers.pk, "won", "")
    assert set(GoldAppeal.objects.values_list("worker", flat=True)) == {late.pk}
