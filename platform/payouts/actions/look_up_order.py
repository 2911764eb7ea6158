"""Ask the rail how an order ended. The only way out of "unknown"."""

from __future__ import annotations

from payouts.actions.record_outcome import record_outcome
from payouts.actions.send_order import submit
from payouts.models import RailOrder
from payouts.outcomes import Orders
from payouts.providers import get_provider
from payouts.providers.base import NotFound


def look_up_order(order: Orders) -> Orders:
    """Record what the rail says. When it has never heard of an open order, and promises to carry a reference out once, submit it again."""
    provider = get_provider(order.provider)
    outcome = provider.look_up(order.reference)
    looked = record_outcome(order, outcome)
    if isinstance(outcome, NotFound) and provider.repeat_safe and looked.state in RailOrder.OPEN:
        submit(looked)
        return record_outcome(order, provider.look_up(order.reference))
    return looked
