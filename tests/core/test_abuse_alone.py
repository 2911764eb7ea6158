"""Tests that need no honest crowd: machines are found when all are machines, and honest people are not when they meet them."""

import numpy as np
import pytest

from consensus.core.spam import Lent, Log, chance_flags, hurried_flags, picky_flags

LABELS = list("abcd")


def crowd(
    rng,
    machines: int,
    people: int,
    each: int = 60,
    items: int = 100,
    labels: int = 4,
    skill: float = 0.8,
    gold: int = 6,
):
    """(log, gold): every worker answers `each` items and `gold` known ones; machines at random."""
    truth = rng.integers(0, labels, items + 20)
    rows = []
    for worker in range(machines + people):
        for item in [*rng.choice(items, each, replace=False), *(items + rng.choice(20, gold, replace=False))]:
            right = worker >= machines and rng.random() < skill
            rows.append((int(item), worker, int(truth[item]) if right else int(rng.integers(labels))))
    item, worker, said = zip(*rows, strict=True)
    log = Log.from_rows(
        item, worker, said, list(range(len(rows))), labels=list(range(labels)), item_ids=list(range(items + 20))
    )
    return log, np.where(np.arange(items + 20) < items, -1, truth)


@pytest.mark.parametrize(("labels", "least"), [(2, 0.85), (4, 0.98), (8, 0.98)])
def test_five_machines_that_are_the_whole_crowd_are_found_within_sixty_answers(labels, least):
    """With two labels chance is half of all agreement: one in ten needs some answers more."""
    found = []
    for seed in range(20):
        log, gold = crowd(np.random.default_rng(seed), 5, 0, labels=labels)
        found.append(len(chance_flags(log, gold)))
    assert sum(found) >= least * 5 * 20


@pytest.mark.parametrize("skill", [0.6, 0.75, 0.9])
def test_honest_crowds_are_not(skill):
    for seed in range(20):
        log, gold = crowd(np.random.default_rng(seed), 0, 6, skill=skill)
        assert chance_flags(log, gold) == []


def test_two_honest_people_among_five_machines_find_each_other_and_one_alone_is_told_apart_by_known_items():
    """Six known items tell one who is right on 80 % of them apart two times in three, twelve nearly always."""
    wrong = {(2, 6): 0, (1, 6): 0, (1, 12): 0}
    for seed in range(30):
        for people, known in wrong:
            log, gold = crowd(np.random.default_rng(seed), 5, people, gold=known)
            wrong[people, known] += sum(flag.worker >= 5 for flag in chance_flags(log, gold))
    assert wrong[2, 6] == 0
    assert wrong[1, 6] <= 15
    assert wrong[1, 12] <= 2


def test_who_was_found_already_is_no_measure_for_others():
    log, gold = crowd(np.random.default_rng(1), 5, 1, gold=0)
    assert chance_flags(log, gold, apart=range(5)) == []


def test_who_is_blind_on_known_items_is_found_whatever_the_others_say():
    """Five accounts of one hand agree in all; only what is known shows it."""
    rng = np.random.default_rng(3)
    log, gold = crowd(rng, 0, 5, skill=1.0, gold=20)
    said = (log.votes.answer_codes + (gold[log.votes.item_codes] >= 0)) % 4
    copied = Log.from_rows(
        log.votes.item_codes, log.votes.worker_codes, said, log.at_s, labels=list(range(4)), item_ids=list(range(120))
    )
    assert {flag.worker for flag in chance_flags(copied, gold)} == set(range(5))


def test_twenty_answers_below_the_body_are_seen_and_nineteen_or_a_slip_now_and_then_are_not():
    n = 300
    log = Log.from_rows(range(n), [0] * n, ["a"] * n, range(n), took_s=[0.1] * n, labels=LABELS)
    slips, bot = np.zeros(n, dtype=bool), np.zeros(n, dtype=bool)
    slips[::6], bot[-20:] = True, True
    assert hurried_flags(log, slips) == []
    [flag] = hurried_flags(log, bot)
    assert (flag.kind, flag.numbers["answers"], flag.numbers["window"]) == ("hurried", 20, 100)
    bot[-1] = False
    assert hurried_flags(log, bot) == []


def test_who_answers_what_is_known_and_hands_the_rest_back_is_picky_and_who_skips_alike_is_not():
    sees, skips = Lent(1, 30, 30, 270, 5), Lent(2, 30, 12, 270, 110)
    assert [flag.worker for flag in picky_flags([sees, skips])] == [1]
