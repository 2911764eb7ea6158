"""Make the offer of a batch: a draft, with its terms checked."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction

from kernel.errors import Conflict, DomainError
from kernel.numbers import is_whole
from labelling.batches import pay
from labelling.batches.answer_range import check_answers
from labelling.batches.lease_times import MAX_PACK_S, MAX_S, MIN_S
from labelling.models import Batch, Project
from ledger import clock
from people.audit import record
from people.models import Person

MAX_PRICE_MICRO = 1_000_000_000  # a thousand units of money for one answer is a slip of the keyboard
MAX_ITEMS = 2**31 - 1


@transaction.atomic
def create_batch(
    actor: Person, project: Project, *, name: str, base_micro: int, bonus_micro: int = 0, fee_bps: int | None = None,
    deadline: datetime | None = None, keep_open: bool = False, item_limit: int | None = None,
    min_answers: int | None = None, max_answers: int | None = None, top_up_micro: int = 0,
    lease_s: int = settings.LEASE_S, pack_s: int = settings.PACK_LEASE_S,
) -> Batch:  # fmt: skip
    """An offer in draft: nobody sees it, no money has moved. keep_open: it stays open when all is decided, for the label API.
    item_limit: so many items at most when it opens; the draft keeps it. min_answers, max_answers: an item; the project's where not said.

    top_up_micro: so much more for each answer at most, should its tasks take longer than the project's estimate.
    A task is lent for lease_s, or for pack_s where she takes tasks along; pack_s 0: none may be taken along."""
    if project.archived_at is not None:
        raise Conflict("This project is archived: bring it back first.", field="project", code="archived")
    least, most = answers_of(project, min_answers, max_answers)
    batch = Batch(
        project=project, name=name.strip(), base_micro=base_micro, bonus_micro=bonus_micro,
        top_up_micro=top_up_micro, currency=settings.CURRENCY,
        fee_bps=settings.PLATFORM_FEE_BPS if fee_bps is None else fee_bps, deadline=deadline, keep_open=keep_open,
        item_limit=item_limit, min_answers=least, max_answers=most, lease_s=lease_s, pack_s=pack_s,
        pay_rule_version=pay.RULE_VERSION,
    )  # fmt: skip
    _check_terms(batch)
    batch.save()
    record(actor, "batch.create", batch)
    return batch


def answers_of(project: Project, least: int | None, most: int | None) -> tuple[int, int]:
    """How many answers an item gets at least and at most."""
    least, most = project.min_answers if least is None else least, project.max_answers if most is None else most
    check_answers(least, most)
    return least, most


def check_limit(limit: object) -> None:
    if limit is not None and not (is_whole(limit) and 1 <= limit <= MAX_ITEMS):
        raise DomainError(
            "limit must be a whole number of items from 1 to {most}.", field="limit", said={"most": MAX_ITEMS}
        )


def _check_terms(batch: Batch) -> None:
    for field, least in (("base_micro", 1), ("bonus_micro", 0), ("top_up_micro", 0)):
        value = getattr(batch, field)
        if not is_whole(value) or not least <= value <= MAX_PRICE_MICRO:
            raise DomainError(
                "{field} must be a whole number of micro-units from {least} to {most}.",
                field=field,
                said={"field": field, "least": least, "most": MAX_PRICE_MICRO},
            )
    _check_times(batch.lease_s, batch.pack_s)
    if not batch.name or len(batch.name) > 120:
        raise DomainError("name must hold 1 to 120 characters.", field="name")
    check_limit(batch.item_limit)
    if batch.deadline and batch.deadline <= clock.now():
        raise DomainError("deadline lies in the past: choose a later time, or none.", field="deadline")


def _check_times(lease_s: int, pack_s: int) -> None:
    if not MIN_S <= lease_s <= MAX_S:
        raise DomainError(
            "lease_s must be from {least} to {most} seconds.", field="lease_s", said={"least": MIN_S, "most": MAX_S}
        )
    if pack_s and not lease_s <= pack_s <= MAX_PACK_S:
        raise DomainError(
            "pack_s must be 0, or from lease_s to {most} seconds.", field="pack_s", said={"most": MAX_PACK_S}
        )
