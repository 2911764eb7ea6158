"""The answer of an item becomes known."""

from __future__ import annotations

from django.db import transaction

from kernel.errors import DomainError
from kernel.locks import items_of, lock_until_commit
from kernel.texts import is_text
from labelling import task_types
from labelling.batches.take_off_offer import take_off_offer
from labelling.models import Gold, Item
from labelling.task_types.errors import BadAnswer
from labelling.task_types.questions import question_of_item
from people.audit import record
from people.models import Person

MAX_EXPLANATION = 2000


@transaction.atomic
def set_gold(actor: Person, item: Item, truth: dict, explanation: str = "") -> Gold:
    """The truth of an item becomes known; it is mixed in unseen from now on, and no longer on offer as work."""
    try:
        truth = task_types.get(item.project.task_type).parse(truth, question_of_item(item))
    except BadAnswer as bad:
        raise DomainError("truth: {why}", field=bad.field.replace("value", "truth", 1), said={"why": bad}) from bad
    lock_until_commit(items_of(item.project_id))  # nobody puts it on offer meanwhile
    if not is_text(explanation, MAX_EXPLANATION, least=0):
        raise DomainError(
            "explanation must be text of at most {most} characters.",
            field="explanation",
            said={"most": MAX_EXPLANATION},
        )
    said = {"truth": truth, "explanation": explanation, "retired_at": None}
    gold, new = Gold.objects.get_or_create(item=item, defaults={"project": item.project, **said})
    if not new:
        gold.truth, gold.explanation, gold.retired_at = truth, explanation, None
        gold.save(update_fields=list(said))  # the rest stands, see ledger.roles
    take_off_offer([item.pk])
    record(actor, "gold.set", item)
    return gold
