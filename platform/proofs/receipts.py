"""The signed receipt of an answer, and the offer that it quotes."""

from proofs.canonical_json import canonical_hash
from proofs.signatures import key_id, sign_receipt

RECEIPT_VERSION = "receipt-1"
OFFER_VERSION = "offer-1"


def build_offer(
    *,
    batch: str,
    base_micro: int,
    bonus_micro: int,
    currency: str,
    rule_version: int,
    rule_hash: str,
    gold_count: int,
    gold_root: str,
    deadline_ms: int | None,
) -> dict:
    """The terms of a batch, fixed when it opens. `gold_root` is '' when the batch commits to no gold."""
    return {
        "v": OFFER_VERSION,
        "batch": batch,
        "base_micro": base_micro,
        "bonus_micro": bonus_micro,
        "currency": currency,
        "rule_version": rule_version,
        "rule_hash": rule_hash,
        "gold_count": gold_count,
        "gold_root": gold_root,
        "deadline_ms": deadline_ms,
    }


def offer_hash(offer: dict) -> str:
    return canonical_hash(offer)


def build_receipt(
    *,
    answer_id: str,
    answer_hash: str,
    item: str,
    project: str,
    batch: str,
    worker: str,
    seq: int,
    received_at_ms: int,
    offer_hash: str,
    base_micro: int,
    bonus_micro: int,
    currency: str,
) -> tuple[dict, str]:
    """Receipt body and its signature (hex).

    answer_hash: SHA-256 (hex) of the answer's canonical bytes. worker: a pseudonym, never a name. seq: the server's
    running number of the answer, which fixes the order of things whatever clocks say.
    """
    body = {
        "v": RECEIPT_VERSION,
        "answer_id": answer_id,
        "answer_hash": answer_hash,
        "item": item,
        "project": project,
        "batch": batch,
        "worker": worker,
        "seq": seq,
        "received_at_ms": received_at_ms,
        "offer_hash": offer_hash,
        "base_micro": base_micro,
        "bonus_micro": bonus_micro,
        "currency": currency,
        "key_id": key_id(),
    }
    return body, sign_receipt(body)


def receipt_hash(body: dict) -> str:
    return canonical_hash(body)
