"""The rule by itself: time laid end to end, a bucket of answers, floors that come from the body."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from labelling import task_types
from labelling.work import tempo
from labelling.work.pacing import least_ms_of

NOON = datetime(2031, 5, 4, 12, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def test_fifty_tasks_of_six_seconds_that_come_seven_seconds_after_the_draw_are_seven_seconds():
    took, until = tempo.claim([6000] * 50, [at(0)] * 50, None, at(7))
    assert 6900 <= sum(took) <= 7000
    assert max(took) < 200
    assert until == at(7)


def test_the_same_sent_one_by_one_is_no_more():
    worked, total = None, 0
    for number in range(50):
        [took], worked = tempo.claim([6000], [at(0)], worked, at(0.14 * (number + 1)))
        total += took
    assert total <= 7000


def test_a_pack_done_offline_in_its_time_is_believed():
    """Drawn at noon, twenty tasks of six seconds, sent an hour later, with an earlier answer just before."""
    took, until = tempo.claim([6000] * 20, [at(0)] * 20, at(-5), at(3600))
    assert took == [6000] * 20
    assert until == at(120)


def test_an_answer_that_was_held_back_a_moment_loses_nothing():
    """The first is sent three seconds late, together with nothing; the second at once."""
    [first], worked = tempo.claim([10_000], [at(0)], None, at(13))
    [second], _ = tempo.claim([8000], [at(0)], worked, at(18.1))
    assert (first, second) == (10_000, 8000)


def test_a_night_off_is_no_time_to_claim_from():
    took, _ = tempo.claim([6000] * 50, [at(0)] * 50, at(-30_000), at(7))
    assert sum(took) <= 7000


def test_a_bucket_of_sixty_that_fills_by_one_a_second():
    until = None
    for _ in range(3):
        assert tempo.wait_s(until, NOON, 20) == 0
        until = tempo.next_until(until, NOON, 20)
    assert tempo.wait_s(until, NOON, 1) == 1
    assert tempo.wait_s(until, at(40), 40) == 0
    assert tempo.wait_s(until, at(39), 40) == 1


@pytest.mark.parametrize(
    ("kind", "value", "question", "quick_ms"),
    [
        # what a quick person needs, by what each type's tempo.py names
        ("choice", {"label": "cat"}, {"text": None}, 450),
        ("choice", {"label": "good"}, {"text": "I loved it, and so did my sister."}, 900),
        ("choice", {"label": "bark"}, {"duration_ms": 4000}, 1000),
        ("boxes", {"boxes": []}, {}, 450),
        ("boxes", {"boxes": [{"label": "a", "x": 1, "y": 1, "width": 5, "height": 5}] * 3}, {}, 6000),
        ("text", {"text": "x" * 60}, {}, 60 * 1000 / 10),
    ],
)
def test_a_floor_lies_below_what_a_quick_person_needs_and_above_a_machine(kind, value, question, quick_ms):
    least = task_types.get(kind).tempo.least_ms(value, question, False)
    assert 200 < least < quick_ms
    assert not tempo.is_hurried(int(quick_ms), least, estimated_s=5)
    assert tempo.is_hurried(100, least, estimated_s=5)


def test_pictures_at_once_are_looked_over_faster_than_one_by_one_and_a_machine_is_still_seen():
    grid = {"config": {"look": "grid"}}
    least = task_types.get("choice").tempo.least_ms({"label": "goat"}, grid, False)
    assert 50 < least < 300
    quick_ms = 1500 // 9  # nine pictures of which none is one: looked over, and one tap
    assert not tempo.is_hurried(quick_ms, least, estimated_s=2)
    assert tempo.is_hurried(50, least, estimated_s=2)


def test_what_is_uncovered_one_by_one_shares_no_look_with_others_whatever_the_look_of_its_project():
    sent = SimpleNamespace(suggestion_shown=False)
    grid = {"task_type": "choice", "value": {"label": "goat"}, "question": {"config": {"look": "grid"}}, "sent": sent}
    alone = task_types.get("choice").tempo.least_ms({"label": "goat"}, {"config": {}}, False)
    assert least_ms_of(SimpleNamespace(**grid, covered=True)) == alone
    assert least_ms_of(SimpleNamespace(**grid, covered=False)) < alone


def test_an_answer_of_several_in_one_look_takes_less_of_the_bucket():
    """Nine pictures in four seconds can be kept up honestly; one answer by itself a second cannot."""
    assert tempo.weight(300) == tempo.weight(60_000) == 1
    least = task_types.get("choice").tempo.least_ms({"label": "goat"}, {"config": {"look": "grid"}}, False)
    until = None
    for grid in range(200):
        assert tempo.wait_s(until, at(4 * grid), 9 * tempo.weight(least)) == 0
        until = tempo.next_until(until, at(4 * grid), 9 * tempo.weight(least))


def test_a_requesters_estimate_never_holds_up_who_is_merely_fast():
    assert not tempo.is_hurried(700, 300, estimated_s=60_000)
    assert tempo.is_hurried(500, 300, estimated_s=60_000)


def test_what_a_model_wrote_already_takes_only_a_look():
    kind = task_types.get("text").tempo
    assert kind.least_ms({"text": "x" * 600}, {}, True) < 500 < kind.least_ms({"text": "x" * 600}, {}, False)
