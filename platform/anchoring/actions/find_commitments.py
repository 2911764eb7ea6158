"""What the next period fixes besides money: offers of batches and final decisions that are not fixed yet."""

from collections.abc import Iterator
from datetime import datetime
from itertools import chain

from anchoring.models import Commitment
from consensus.app.models import SupersededDecision
from kernel.sql import stream
from labelling.models import Batch, Decision
from proofs import build_decision, canonical_hash, exact

CHUNK = 5000
DECIDED = ("item_id", "method", "inputs_hash", "value")


def find_commitments(since: datetime | None) -> list[Commitment]:
    """Unsaved commitments, each document once. `since` None looks at everything."""
    batches = Batch.objects.exclude(offer_hash="")
    decisions, earlier = Decision.objects.filter(final=True), SupersededDecision.objects.all()
    if since:
        batches = batches.filter(opened_at__gte=since)
        decisions, earlier = decisions.filter(decided_at__gte=since), earlier.filter(decided_at__gte=since)
    found = [Commitment(kind="offer", reference=str(batch.pk), document_hash=batch.offer_hash) for batch in batches]
    found += [
        Commitment(
            kind="decision", reference=str(decision.item_id), document_hash=canonical_hash(decision_of(decision))
        )
        for decision in chain(stream(earlier.only(*DECIDED)), stream(decisions.only(*DECIDED)))
    ]
    return _not_fixed_yet(found)


def decision_of(decision: Decision | SupersededDecision) -> dict:
    """The decision as a document; see proofs.build_decision."""
    return build_decision(
        item=str(decision.item_id),
        method=decision.method,
        inputs_hash=decision.inputs_hash,
        value_hash=canonical_hash(exact(decision.value)),
    )


def _not_fixed_yet(found: list[Commitment]) -> list[Commitment]:
    """Each document once: a decision may come back to what it was."""
    waiting = {(one.kind, one.reference, one.document_hash): one for one in found}
    for hashes in batched([one.document_hash for one in waiting.values()], CHUNK):
        fixed = Commitment.objects.filter(document_hash__in=hashes)
        for place in fixed.values_list("kind", "reference", "document_hash"):
            waiting.pop(place, None)
    return list(waiting.values())


def batched(hashes: list[str], size: int) -> Iterator[list[str]]:
    return (hashes[start : start + size] for start in range(0, len(hashes), size))
