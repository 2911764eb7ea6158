"""Base pay is available a day after its answer, whatever the crowd does; the bonus follows, and the proof still holds."""

from datetime import timedelta

import pytest
from django.utils import timezone

from delivery.outbox import drain
from labelling.batches.release_base import AFTER, release_base
from labelling.batches.top_up import pay_top_ups
from labelling.models import Answer, Batch, EarlyBase, Settlement
from labelling.proof.bundle_checks import check
from labelling.work.accept_answers import accept_answers
from labelling.work.draw_work import draw_work
from labelling.work.mark_recorded import mark_recorded
from labelling.work.scores import today_of
from ledger.factories import available_of, escrow_of, pending_of
from ledger.posting import balance, lines, trial_balance
from tests.roles import as_owner
from tests.worlds import answer_to, opened, sentiment_world

BASE, BONUS = 10_000, 12_345


def one_of_two(**offer):
    """A batch that wants two answers an item and is kept open, and a worker who is alone."""
    world = opened(sentiment_world(items=3, workers=2), **{"base_micro": BASE, "bonus_micro": BONUS, **offer})
    accept_answers(
        world.workers[0], [answer_to(one, {"label": "good"}) for one in draw_work(world.workers[0], world.batch, 3)]
    )
    drain()
    return world


def a_day_later(seconds: int = 0):
    with as_owner():
        Answer.objects.update(received_at=timezone.now() - AFTER - timedelta(seconds=seconds))


def money(worker) -> tuple[int, int]:
    return balance(pending_of(worker.pk), "USD"), balance(available_of(worker.pk), "USD")


@pytest.mark.django_db
def test_base_pay_is_available_a_day_after_the_answer_and_the_bonus_follows():
    world = one_of_two()
    alone, other = world.workers
    assert release_base() == 0
    assert money(alone) == (3 * BASE, 0)
    a_day_later()
    assert release_base() == 3
    assert money(alone) == (0, 3 * BASE)
    assert release_base() == 0
    accept_answers(other, [answer_to(one, {"label": "good"}) for one in draw_work(other, world.batch, 3)])
    drain()
    bonus = sum(Settlement.objects.filter(worker=alone).values_list("bonus_micro", flat=True))
    assert bonus > 0
    assert money(alone) == (0, 3 * BASE + bonus)
    assert Settlement.objects.filter(worker=alone, base_micro=BASE, agreed=True).count() == 3
    assert balance(escrow_of(world.batch.pk), "USD") >= 0
    assert sum(row.sum_micro for row in trial_balance()) == 0


def top_up(world, micro: int) -> int:
    """Its tasks were measured to take longer than the requester thought."""
    Batch.objects.filter(pk=world.batch.pk).update(topped_micro=micro)
    return pay_top_ups(world.batch.pk)


@pytest.mark.django_db
def test_what_an_answer_is_topped_up_by_waits_as_its_base_does_and_comes_with_it():
    """Before the day and after it, and when the item is decided: pending with the base, available with it."""
    world = one_of_two(top_up_micro=9_000)
    alone, other = world.workers
    assert (top_up(world, 1_000), top_up(world, 3_000)) == (3_000, 6_000)
    assert money(alone) == (3 * (BASE + 3_000), 0), "it is not hers before its base is"
    told = today_of(alone)
    assert (told["earned_micro"], told["yours_micro"]) == (3 * (BASE + 3_000), 0)
    assert told["by"] is not None
    a_day_later()
    assert release_base() == 3
    assert money(alone) == (0, 3 * (BASE + 3_000))
    top_up(world, 4_000)
    assert money(alone) == (0, 3 * (BASE + 4_000)), "nothing waits any more"
    accept_answers(other, [answer_to(one, {"label": "good"}) for one in draw_work(other, world.batch, 3)])
    top_up(world, 5_000)
    assert money(other) == (3 * (BASE + 5_000), 0)
    drain()
    for worker in world.workers:
        bonus = sum(Settlement.objects.filter(worker=worker).values_list("bonus_micro", flat=True))
        assert money(worker) == (0, 3 * (BASE + 5_000) + bonus)


@pytest.mark.django_db
def test_an_answer_whose_number_came_before_its_time_is_not_passed_over():
    """Numbers are drawn before the clock is read: of two answers side by side the first may be the younger by a moment."""
    world = one_of_two()
    a_day_later()
    first = Answer.objects.order_by("seq").first()
    with as_owner():
        Answer.objects.filter(pk=first.pk).update(received_at=first.received_at + timedelta(seconds=30))
    release_base()
    a_day_later(seconds=60)
    release_base()
    assert money(world.workers[0]) == (0, 3 * BASE)


@pytest.mark.django_db
def test_what_is_settled_in_time_is_not_released_again():
    world = one_of_two()
    other = world.workers[1]
    accept_answers(other, [answer_to(one, {"label": "good"}) for one in draw_work(other, world.batch, 3)])
    drain()
    before = [money(worker) for worker in world.workers]
    a_day_later()
    assert release_base() == 0
    assert [money(worker) for worker in world.workers] == before


@pytest.mark.django_db
@pytest.mark.parametrize("bonus_micro", [0, BONUS])
def test_her_proof_holds_over_the_days_of_the_answer_the_base_and_the_bonus(bonus_micro):
    """Each day is closed by itself; her bundles are checked by the verifier, which knows no line of base pay."""
    from anchoring.actions.build_bundle import build_bundle
    from anchoring.actions.close_period import close_period

    world = one_of_two(bonus_micro=bonus_micro)
    alone, other = world.workers
    periods = [close_period()]
    a_day_later()
    release_base()
    periods.append(close_period())
    accept_answers(other, [answer_to(one, {"label": "good"}) for one in draw_work(other, world.batch, 3)])
    drain()
    periods.append(close_period())
    settled = []
    for period in filter(None, periods):
        bundle = build_bundle(alone, period)
        assert [finding for finding in check(bundle) if finding.holds is False] == []
        settled += [answer for answer in bundle["answers"] if answer["settlement"]]
    assert len(settled) == 3
    keys = [line.key.split(":")[0] for line in lines(available_of(alone.pk), "USD")]
    assert (keys.count("base"), keys.count("settle")) == (3 if bonus_micro else 0, 3)
    assert money(alone)[0] == 0


@pytest.mark.django_db
def test_a_held_worker_has_her_base_pay_too_and_the_hold_keeps_it():
    from labelling.conduct.hold_pay import hold_pay
    from labelling.conduct.holds import hold_of

    world = one_of_two()
    alone = world.workers[0]
    mark_recorded([alone], recorded=False)
    hold_pay(world.project, [(alone.pk, "random")])
    a_day_later()
    release_base()
    assert EarlyBase.objects.filter(worker=alone).count() == 3
    hold = hold_of(alone)
    assert (hold.reason, hold.kept_micro, hold.free_micro(3 * BASE)) == ("flag", 3 * BASE, 0)
