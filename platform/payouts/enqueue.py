"""Asking Celery for work on one order now. With the broker away nothing is lost: beat's sweeps find the same rows."""

from __future__ import annotations

from uuid import UUID

from delivery.enqueue import enqueue as enqueue_task


def enqueue(kind: str, order_id: UUID) -> None:
    """Have an order sent or looked up soon. `kind` is that of its model: "payout" or "charge"."""
    enqueue_task("payouts.tasks.advance_order", kind, str(order_id), expires_s=300)
