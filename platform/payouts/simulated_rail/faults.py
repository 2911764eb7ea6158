"""What can go wrong, chosen by the destination: +99900... is no country's number, its last two digits are the script."""

from __future__ import annotations

import re

NONE = "none"
CUT = "cut"  # pays, then the line drops before the answer
ERROR_BEFORE = "error_before"  # the first try answers 500 and does nothing
ERROR_AFTER = "error_after"  # pays, then answers 500
FIVE_CALLBACKS = "five_callbacks"
EARLY_CALLBACK = "early_callback"  # the callback arrives before the answer
FAILED_THEN_PAID = "failed_then_paid"  # says failed, pays an hour later
NEVER = "never"  # pending for ever
REVERSED = "reversed"  # paid, taken back the next day
SHORT = "short"  # pays half
FORGED = "forged"  # a stranger's callback says failed; then the true one
STORM = "storm"  # 429 to the first two tries
DRIP = "drip"  # pays, and answers a byte at a time
REFUSED = "refused"  # the account does not exist
FAILS = "fails"  # accepted, then failed for good
OVER = "over"  # pays double

BY_SUFFIX = {
    "00": NONE,
    "01": CUT,
    "02": ERROR_BEFORE,
    "03": ERROR_AFTER,
    "04": FIVE_CALLBACKS,
    "05": EARLY_CALLBACK,
    "06": FAILED_THEN_PAID,
    "07": NEVER,
    "08": REVERSED,
    "09": SHORT,
    "10": FORGED,
    "11": STORM,
    "12": DRIP,
    "13": REFUSED,
    "14": FAILS,
    "15": OVER,
}
_SCRIPTED = re.compile(r"(?:\+99900\d*|card-)(\d\d)")

LATE_PAYMENT_S = 3_600
REVERSAL_S = 86_400
STORM_TRIES = 2


def fault_of(destination: str) -> str:
    """Any other number or card is paid as it should be."""
    scripted = _SCRIPTED.fullmatch(destination)
    return BY_SUFFIX.get(scripted[1], NONE) if scripted else NONE
