"""What a batch can cost at most, and so what must lie in escrow before anybody sees it. Pure integers.

Three parts pay for every lease that can be out, so escrow never runs dry (docs/decisions/what-is-payable.md): each open item has its
answers, known tasks have theirs (`GoldPurse`), and the spare (`Batch.spare`) pays for leases whose slot went on to somebody else.
"""

from __future__ import annotations

from typing import Any

from labelling import task_types

MAX_BPS = 10_000
REPEAT_BPS = 500  # of what is lent of a type whose sides are drawn: asked a second time with the sides swapped (docs/decisions/parts.md)
SPARE_BPS = 200  # answers for which a lease that ran out keeps its claim; decided items leave more behind


def repeat_share_bps(project: Any) -> int:
    asked = task_types.get(project.task_type).asked
    return REPEAT_BPS if asked is not None and asked.shuffled else 0


def known_share_bps(project: Any) -> int:
    """Of all that is lent: known tasks, and repeats, both of which the purse pays for."""
    return project.gold_share_bps + repeat_share_bps(project)


def gold_answers(items: int, max_answers: int, gold_share_bps: int) -> int:
    """Known tasks, and repeats, that the batch pays for: gold_share_bps is the share of both."""
    return -(-items * max_answers * gold_share_bps // (MAX_BPS - gold_share_bps))


def spare_answers(items: int, max_answers: int) -> int:
    return -(-items * max_answers * SPARE_BPS // MAX_BPS)


def most_answers(items: int, max_answers: int, gold_share_bps: int) -> int:
    """Paid answers a batch can come to: every item to its limit, gold on top, and a few that come late."""
    return items * max_answers + gold_answers(items, max_answers, gold_share_bps) + spare_answers(items, max_answers)


def fee_micro(pay_micro: int, fee_bps: int) -> int:
    return pay_micro * fee_bps // MAX_BPS


def cost_of_answer_micro(base_micro: int, bonus_micro: int, fee_bps: int) -> int:
    """The most one answer can cost: base, whole bonus, and the fee on both."""
    most = base_micro + bonus_micro
    return most + fee_micro(most, fee_bps)


def cost_of_one_micro(batch) -> int:
    """The most that an answer of the batch can cost; no fee is taken of what it is topped up by."""
    return cost_of_answer_micro(batch.base_micro, batch.bonus_micro, batch.fee_bps) + batch.top_up_micro


def escrow_micro(batch, items: int) -> int:
    """What must lie in escrow so that every answer that can be lent out can be paid in full."""
    answers = most_answers(items, batch.max_answers, known_share_bps(batch.project))
    return answers * cost_of_one_micro(batch)
