"""What a batch can cost at most, and so what must lie in escrow before anybody sees it. Pure integers."""

from __future__ import annotations

MAX_BPS = 10_000
SPARE_BPS = 200  # answers that arrive late for a decided item are paid too


def most_answers(items: int, max_answers: int, gold_share_bps: int) -> int:
    """Paid answers a batch can come to: every item to its limit, gold on top, and a few that come late."""
    work = items * max_answers
    gold = -(-work * gold_share_bps // (MAX_BPS - gold_share_bps))
    return work + gold + -(-work * SPARE_BPS // MAX_BPS)


def fee_micro(pay_micro: int, fee_bps: int) -> int:
    return pay_micro * fee_bps // MAX_BPS


def cost_of_answer_micro(base_micro: int, bonus_micro: int, fee_bps: int) -> int:
    """The most one answer can cost: base, whole bonus, and the fee on both."""
    most = base_micro + bonus_micro
    return most + fee_micro(most, fee_bps)


def escrow_micro(batch, items: int) -> int:
    """What must lie in escrow so that every answer that can be lent out can be paid in full."""
    project = batch.project
    answers = most_answers(items, project.max_answers, project.gold_share_bps)
    return answers * cost_of_answer_micro(batch.base_micro, batch.bonus_micro, batch.fee_bps)
