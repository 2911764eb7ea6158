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
    return {"v": OFFER_VERSION, **locals()}


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
    body = {"v": RECEIPT_VERSION, **locals(), "key_id": key_id()}
    return body, sign_receipt(body)


def receipt_hash(body: dict) -> str:
    return canonical_hash(body)
