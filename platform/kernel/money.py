"""Money in sentences: amounts are whole micro-units everywhere, and become decimals only where somebody reads them."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

MICRO = 1_000_000


def to_text(micro: int, currency: str = "", places: int = 2) -> str:
    """`1,234.50 USD`; without a currency the number alone."""
    amount = Decimal(micro).scaleb(-6).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return f"{amount:,f} {currency}".strip()
