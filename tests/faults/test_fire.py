"""A small fire: everything is killed once, the database crashes, two processes stop, Redis is flushed; `./run fire` is the large one."""

from collections.abc import Iterator

import pytest

from tests.faults.checker import broken_promises
from tests.faults.fire import Size, fire, under_fire
from tests.faults.nemesis import Nemesis, plan_of
from tests.supervised import Supervised

GOOD = {
    "answers": ["a", "b"],
    "most_of_one_item_and_worker": 1,
    "earned_once": 2,
    "settled": 2,
    "settled_once": 2,
    "sums": [0],
    "below_zero": 0,
    "leases": 3,
    "live": 1,
    "over_issued": 0,
    "waiting": 0,
    "payouts": {"p": {"state": "paid", "on_the_rail": 1}, "q": {"state": "failed", "on_the_rail": 0}},
}
TOLD = {"answers": {one: {"status": "accepted", "at": 1.0} for one in "ab"}, "payouts": {"p": 201, "r": 409}}


@pytest.fixture(scope="module")
def platform(tmp_path_factory) -> Iterator[Supervised]:
    with under_fire(tmp_path_factory.mktemp("fire")) as running:
        yield running


@pytest.mark.slow
def test_nothing_acknowledged_is_lost_and_nothing_is_doubled(platform, tmp_path):
    size = Size(tasks=240, each=5, kills=15, crashes=1, stops=2, flushes=1, pause_s=1.2, rest_s=1.5)
    fired = fire(platform, tmp_path, size)
    assert fired.broken(size) == []
    assert len(fired.faults) == 19


@pytest.mark.slow
def test_control_without_the_idempotency_key_the_same_check_fails(platform, tmp_path):
    size = Size(tasks=60, each=5, kills=1, crashes=0, stops=0, flushes=0, pause_s=0)
    broken = fire(platform, tmp_path, size, kind="forgetful").broken(size)
    assert any("lost" in sentence or "too many" in sentence or "refused" in sentence for sentence in broken), broken


def test_the_plan_meets_every_kind_of_process_and_has_the_size_of_the_bar():
    plan = plan_of(50, 5, 8, 2)
    assert len(plan) == 65
    kills = {what.removeprefix("kill ") for what in plan if what.startswith("kill ")}
    parts = {
        "web",
        "worker",
        "courier",
        "importer",
        "learner",
        "beat",
        "rail",
        "chain",
        "valkey",
        "postgres",
        "backend",
    }
    assert kills == parts | {"web child", "worker child", "importer child", "learner child"}
    assert {"stop valkey", "stop web child", "stop worker child"} <= set(plan)
    assert [plan.count(what) for what in ("crash postgres", "flush")] == [5, 2]


def test_a_nemesis_that_dies_says_so_in_its_own_words(tmp_path):
    class Nowhere:
        def parent(self, name):
            raise RuntimeError("no /dev/null here")

    nemesis = Nemesis(Nowhere(), ["kill web"])
    nemesis.start()
    nemesis.join()
    from tests.faults.fire import _check_alive

    with pytest.raises(AssertionError, match="the nemesis died: no /dev/null here"):
        _check_alive(nemesis)


def test_the_checker_finds_nothing_where_all_is_well():
    assert broken_promises(TOLD, GOOD, least=2) == []


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        (
            {"answers": ["a"], "earned_once": 1, "settled": 1, "settled_once": 1, "leases": 2},
            "1 acknowledged answers are lost",
        ),
        ({"most_of_one_item_and_worker": 2}, "1 answers too many"),
        ({"earned_once": 1}, "2 answers earned 1 times"),
        ({"settled": 3}, "settled 3 times"),
        ({"sums": [0, -1]}, "sums are"),
        ({"below_zero": 1}, "below zero"),
        ({"over_issued": 1}, "lent out too often"),
        ({"leases": 4}, "neither answered nor out"),
        ({"waiting": 1}, "wait in the outbox"),
        ({"payouts": {"p": {"state": "sent", "on_the_rail": 0}}}, "are not paid"),
        ({"payouts": {"p": {"state": "paid", "on_the_rail": 2}}}, "exactly once"),
        ({"payouts": {}}, "are not paid"),
    ],
)
def test_control_the_checker_finds_each_broken_promise(changed, sentence):
    assert any(sentence in said for said in broken_promises(TOLD, {**GOOD, **changed}, least=2))


def test_control_too_few_answers_prove_nothing():
    assert broken_promises(TOLD, GOOD, least=3) == ["only 2 answers were acknowledged, not 3"]
