"""Pay what won appeals are owed. A wrong known task is its requester's debt: the batch's escrow pays, which is kept for it, then her
funds; the platform's goodwill a few cents at most. What nobody has the money for stays owed, and is paid once it is there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import Sum

from labelling.batches.appeal_debts import owed_by_batch
from labelling.gold import goodwill
from labelling.models.gold_appeals import AppealPayment, GoldAppeal
from ledger import clock, factories
from ledger.posting import locked, post_many
from ledger.transfers import AccountRef, Transfer
from people.models import Membership, Person

REASON = "You were right about a known task: this is the bonus that it had cost."
MOST = 1000
GOODWILL = factories.goodwill_of_platform()
Source = AppealPayment.Source


@dataclass
class _Part:
    """One payment that is about to be made."""

    appeal: GoldAppeal
    batch_id: int
    source: str
    amount_micro: int


def pay_appeals(appeals: list[GoldAppeal], actor: Person | None) -> None:
    """In the caller's transaction, which holds the appeals' locks; sets paid_micro and owed_micro. All are posted at once, from
    balances that are locked together."""
    owed = [(appeal, owed_by_batch(appeal.worker_id, appeal.answer.project_id)) for appeal in appeals]
    left = locked({pot for appeal, debts in owed for pot in _pots(appeal, debts)}, settings.CURRENCY)
    if GOODWILL in left:
        left[GOODWILL] = goodwill.pocket().left_micro
    parts = [part for appeal, debts in owed for part in _parts(appeal, debts, left)]
    post_many([_transfer(part) for part in parts])
    _note(appeals, parts, actor)


@transaction.atomic
def _pay_again(appeal_id: int) -> bool:
    waiting = GoldAppeal.objects.select_for_update(of=("self",)).filter(pk=appeal_id, owed_micro__gt=0)
    appeal = waiting.select_related("answer__project").first()
    if appeal is not None:
        pay_appeals([appeal], None)
    return appeal is not None and appeal.owed_micro == 0


def pay_what_is_owed() -> int:
    """Returns how many debts are paid now. Safe to repeat."""
    owed = GoldAppeal.objects.filter(owed_micro__gt=0).order_by("?").values_list("pk", flat=True)[:MOST]
    return sum(_pay_again(pk) for pk in list(owed))


def _pots(appeal: GoldAppeal, debts: dict[int, int]) -> Iterator[AccountRef]:
    if debts:
        yield from (factories.escrow_of(batch_id) for batch_id in debts)
        yield from (_funds(appeal), GOODWILL, factories.available_of(appeal.worker_id))


def _parts(appeal: GoldAppeal, debts: dict[int, int], left: dict[AccountRef, int]) -> Iterator[_Part]:
    """Whose money pays, batch by batch, in the order of who owes it. What is taken of a pot is taken from `left`."""
    gift_micro = _gift_micro(appeal)
    for batch_id, owed_micro in debts.items():
        for source, pot in (
            (Source.ESCROW, factories.escrow_of(batch_id)),
            (Source.FUNDS, _funds(appeal)),
            (Source.GOODWILL, GOODWILL),
        ):
            most_micro = gift_micro if source == Source.GOODWILL else owed_micro
            amount_micro = min(owed_micro, most_micro, left[pot])
            if amount_micro > 0:
                owed_micro -= amount_micro
                left[pot] -= amount_micro
                gift_micro -= amount_micro if source == Source.GOODWILL else 0
                yield _Part(appeal, batch_id, source, amount_micro)


def _funds(appeal: GoldAppeal) -> AccountRef:
    return factories.funds_of(appeal.answer.project.organisation_id)


def _gift_micro(appeal: GoldAppeal) -> int:
    """What goodwill may still give for this appeal. Nobody takes it for her own organisation's mistake."""
    given = AppealPayment.objects.filter(appeal=appeal, source=Source.GOODWILL).aggregate(micro=Sum("amount_micro"))
    return 0 if _in_own_circle(appeal) else settings.GOODWILL_APPEAL_MICRO - (given["micro"] or 0)


def _in_own_circle(appeal: GoldAppeal) -> bool:
    mine = Membership.objects.filter(person=appeal.worker.person_id)
    return mine.filter(organisation=appeal.answer.project.organisation_id).exists()


def _transfer(part: _Part) -> Transfer:
    appeal, micro = part.appeal, part.amount_micro
    reference = f"gold-appeal:{appeal.answer_id}:{part.batch_id}:{part.source}:{appeal.payments.count()}"
    if part.source == Source.GOODWILL:
        return factories.goodwill(reference, appeal.worker_id, micro, settings.CURRENCY, REASON)
    pot = factories.escrow_of(part.batch_id) if part.source == Source.ESCROW else _funds(appeal)
    return factories.compensate(reference, pot, appeal.worker_id, micro, settings.CURRENCY, REASON)


def _note(appeals: list[GoldAppeal], parts: list[_Part], actor: Person | None) -> None:
    now = clock.now()
    AppealPayment.objects.bulk_create(
        AppealPayment(
            appeal=part.appeal, batch_id=part.batch_id, source=part.source, amount_micro=part.amount_micro, paid_at=now
        )
        for part in parts
    )
    for part in parts:
        part.appeal.paid_micro += part.amount_micro
        if part.source == Source.GOODWILL:
            goodwill.alarm(actor, part.appeal.answer, part.amount_micro, "a known task's requester could not pay")
    for appeal in appeals:
        appeal.owed_micro = sum(owed_by_batch(appeal.worker_id, appeal.answer.project_id).values())
        appeal.save(update_fields=["paid_micro", "owed_micro"])
