"""Money in sentences: amounts are whole micro-units everywhere, and become decimals only where somebody reads them."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

MICRO = 1_000_000
CENT_MICRO = 10_000  # what cards, banks and rails move is whole cents


def to_text(micro: int, currency: str = "", places: int = 2) -> str:
    """`1,234.50 USD`; without a currency the number alone."""
    amount = Decimal(micro).scaleb(-6).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return f"{amount:,f} {currency}".strip()


class NoAmount(ValueError):
    """What was typed is no amount: a sentence that says what to write."""


PLAIN = "Write an amount such as 0.014, with at most six decimals."
EITHER = "A comma before three digits can mean thousands or decimals: write 1000 or 1.000."
_GROUPED = re.compile(r"\d{1,3}(?:(?P<by>[.,])\d{3})(?:(?P=by)\d{3})*(?!(?P=by))[.,]\d+")
_PLAIN = re.compile(r"[-+]?\d+(?:[.,]\d+)?|[-+]?[.,]\d+")
_THOUSANDS = re.compile(r"[1-9]\d{0,2}(,\d{3})+")
LONGEST = 24  # digits that decimal arithmetic holds exactly, with six more


def read_micro(typed: str) -> int:
    """An amount as people write it, to the micro-unit: `0,014`, `1 234.50`, `1.234,50`. NoAmount for what is none, has more than six
    decimals, or can be read in two ways. Nothing is cut off and nothing is rounded."""
    text = "".join(typed.split()).replace("\u2212", "-")
    if len(text) > LONGEST or not text.isascii():
        raise NoAmount(PLAIN)
    if _THOUSANDS.fullmatch(text):
        raise NoAmount(EITHER)
    if _GROUPED.fullmatch(text):
        decimal = max(text.rfind("."), text.rfind(","))
        text = re.sub(r"[.,]", "", text[:decimal]) + "." + text[decimal + 1 :]
    elif not _PLAIN.fullmatch(text):
        raise NoAmount(PLAIN)
    micro = Decimal(text.replace(",", ".")).scaleb(6)
    if micro != micro.to_integral_value():
        raise NoAmount(PLAIN)
    return int(micro)
