"""The offer of a batch: its terms, fixed when it opens; every receipt quotes them by hash."""

from django.db.models import Q

from labelling.batches.pay import RULE_HASH, RULE_VERSION
from labelling.models import Batch, Gold
from proofs import build_gold, build_offer, gold_tree, offer_hash


def fix_offer(batch: Batch) -> None:
    """Set `offer` and `offer_hash`; the caller saves. The golds in use are fixed by their root, unseen."""
    golds = [build_gold(str(item), truth) for item, truth in golds_in_use(batch)]
    batch.offer = build_offer(
        batch=str(batch.pk),
        base_micro=batch.base_micro,
        bonus_micro=batch.bonus_micro,
        currency=batch.currency,
        rule_version=RULE_VERSION,
        rule_hash=RULE_HASH,
        gold_count=len(golds),
        gold_root=gold_tree(golds).root.hex() if golds else "",
        deadline_ms=int(batch.deadline.timestamp() * 1000) if batch.deadline else None,
    )
    batch.offer_hash = offer_hash(batch.offer)


def golds_in_use(batch: Batch) -> list[tuple]:
    return list(Gold.objects.filter(project=batch.project_id, retired_at=None).values_list("item_id", "truth"))


def golds_at_opening(batch: Batch) -> list[tuple]:
    """Those that were in use when the batch opened; the offer's root tells whether they are still the same."""
    in_use = Q(retired_at=None) | Q(retired_at__gt=batch.opened_at)
    golds = Gold.objects.filter(in_use, project=batch.project_id, created_at__lte=batch.opened_at)
    return list(golds.values_list("item_id", "truth"))
