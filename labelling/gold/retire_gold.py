"""A known answer is used no more: nobody is shown it any more, and the item is work again."""

from __future__ import annotations

from django.db import transaction

from kernel.errors import DomainError
from labelling.gold.judge_sittings import judge_after_retiring
from labelling.models import Gold, Item
from ledger import clock
from people.audit import record
from people.models import Person


@transaction.atomic
def retire_gold(actor: Person, item: Item) -> Gold:
    """The caller has authorised the item. Safe to repeat. Refused where no answer of it was ever known."""
    gold = Gold.objects.select_for_update().filter(item=item).first()
    if gold is None:
        raise DomainError("This item has no known answer: there is nothing to retire.", field="item")
    if gold.retired_at is None:
        gold.retired_at = clock.now()
        gold.save(update_fields=["retired_at"])
        record(actor, "gold.retire", item)
        judge_after_retiring([item.pk])
    return gold
