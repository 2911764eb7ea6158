"""The pay rule, in integers only: anybody can recompute it, in Python or in a browser.

Money is in micro-units (10^-6 of the currency); shares are in basis points (bps, 1/10000).
"""

import hashlib

MAX_BPS = 10_000
GOLD_WEIGHT = 2
PRIOR_WEIGHT = 4
PRIOR_BPS = 8_000

TAUGHT_FROM = 2  # the first rule whose first miss teaches
# A text is what a worker is promised: it is hashed into every offer, so it never changes under its version. What was offered
# under an older one is paid, and verified, by that one.
_TEXT_1 = """\
Pay rule 1. All numbers are integers; money is in micro-units (10^-6 of the currency).
1. An accepted answer earns its base. Base pay is never taken back because others disagree.
2. When its item is decided, it also earns a bonus:
   bonus paid = floor(bonus offered x min(10000, score_bps) / 10000).
3. score_bps = floor((10000 x (2 x gold_right + agreed) + 8000 x 4) / (2 x gold_seen + decided + 4)).
   gold_seen, gold_right: answers she gave on items with a known truth, and how many of them were right.
   decided, agreed: her other answers on decided items of the project, and how many of them agree with the decision.
   The counts stand as they are when the answer is settled, the answer itself included.
   A newcomer starts at 8000; that start weighs as much as 4 answers; a gold answer weighs as much as 2.
"""
_SEEN_1 = "   gold_seen, gold_right: answers she gave on items with a known truth, and how many of them were right.\n"
_SEEN_2 = _SEEN_1 + "   The first of them that she misses in the project teaches: it stands in neither count.\n"
RULES = {1: _TEXT_1, 2: _TEXT_1.replace("Pay rule 1.", "Pay rule 2.").replace(_SEEN_1, _SEEN_2)}
RULE_HASHES = {version: hashlib.sha256(text.encode()).hexdigest() for version, text in RULES.items()}

RULE_VERSION = max(RULES)
RULE_TEXT, RULE_HASH = RULES[RULE_VERSION], RULE_HASHES[RULE_VERSION]


def pay_for(base_micro: int, bonus_micro: int, score_bps: int) -> int:
    """Pay of one accepted answer: base + floor(bonus x min(10000, score) / 10000), in micro-units.

    >>> pay_for(1000, 333, 5000)
    1166
    """
    return base_micro + bonus_for(bonus_micro, score_bps, base_micro=base_micro)


def bonus_for(bonus_micro: int, score_bps: int, *, base_micro: int = 0) -> int:
    """The part of the pay that depends on skill: what settling adds to the base."""
    if min(base_micro, bonus_micro, score_bps) < 0:
        raise ValueError("base_micro, bonus_micro and score_bps must not be negative.")
    return bonus_micro * min(MAX_BPS, score_bps) // MAX_BPS


def score_bps(gold_right: int, gold_seen: int, agreed: int, decided: int) -> int:
    """Share of good answers in bps, shrunk towards a newcomer's 8000: rule 3 of RULE_TEXT.

    >>> score_bps(0, 0, 0, 0), score_bps(5, 5, 20, 20)
    (8000, 9764)
    """
    if not (0 <= gold_right <= gold_seen and 0 <= agreed <= decided):
        raise ValueError("Counts must satisfy 0 <= gold_right <= gold_seen and 0 <= agreed <= decided.")
    good = MAX_BPS * (GOLD_WEIGHT * gold_right + agreed) + PRIOR_BPS * PRIOR_WEIGHT
    return good // (GOLD_WEIGHT * gold_seen + decided + PRIOR_WEIGHT)


def wage_micro_per_hour(amount_micro: int, active_ms: int) -> int | None:
    """Money for an hour of active time, rounded down; None while no time has been measured."""
    return amount_micro * 3_600_000 // active_ms if active_ms > 0 else None
