"""The history against the facts: the law of what a phone was told. Pure."""

from __future__ import annotations

PAID_OUT = 201


def broken_promises(history: dict, facts: dict, least: int) -> list[str]:
    """One sentence for each promise that was not kept; `least` answers must have been acknowledged at all."""
    told, kept = history["answers"], set(facts["answers"])
    lost = set(told) - kept
    doubled = facts["most_of_one_item_and_worker"] - 1
    asked = [payout for payout, status in history["payouts"].items() if status in (200, PAID_OUT)]
    paid = facts["payouts"]
    unpaid = [payout for payout in asked if paid.get(payout, {}).get("state") != "paid"]
    twice = [payout for payout, one in paid.items() if one["state"] == "paid" and one["on_the_rail"] != 1]
    looks = {
        f"only {len(told)} answers were acknowledged, not {least}": len(told) >= least,
        f"{len(lost)} acknowledged answers are lost": not lost,
        "an answer was refused": {one["status"] for one in told.values()} <= {"accepted", "repeated"},
        f"an item has {doubled} answers too many of one worker": doubled == 0,
        f"{len(kept)} answers earned {facts['earned_once']} times": facts["earned_once"] == len(kept),
        f"{len(kept)} answers were settled {facts['settled']} times": facts["settled"]
        == len(kept)
        == facts["settled_once"],
        f"the ledger's sums are {facts['sums']}": not any(facts["sums"]),
        f"{facts['below_zero']} accounts of workers are below zero": not facts["below_zero"],
        f"{facts['over_issued']} items are lent out too often": not facts["over_issued"],
        # A draw that was sent again lends more; what the phone never saw stays lent until it runs out.
        "leases are neither answered nor out": len(kept) + facts["live"] == facts["leases"],
        f"{facts['waiting']} events wait in the outbox": not facts["waiting"],
        "nobody asked for money": bool(asked),
        f"{len(unpaid)} of {len(asked)} payouts that were promised are not paid": not unpaid,
        f"{len(twice)} payouts are not on the rail's books exactly once": not twice,
    }
    return [sentence for sentence, holds in looks.items() if not holds]
