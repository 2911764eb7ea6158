"""What a decision was made from, so that those who took part can make it again."""

from proofs.canonical_json import canonical_hash

INPUTS_VERSION = "inputs-1"
INPUTS_WITH_CONFIDENCE = "inputs-2"
DECISION_VERSION = "decision-1"


def build_inputs(
    *,
    item: str,
    labels: list[str],
    prior: list[int],
    votes: list[dict],
    softening: dict[str, int] | None = None,
    confidence_ppm: int = 0,
) -> dict:
    """All that the integer rule (consensus/core/labels/integer_rule.py) used for one item.

    prior: one integer a label, 1/1024 nat. votes: [{"seq", "answer_hash", "weights"}]; weights, one integer a label, are
    the voter's published table at her answer. A type that is not decided by the rule has labels, prior and weights
    empty: the list then still fixes which answers were used. softening, three integers, and the confidence that follows from
    them by the rule: where one is stated.
    """
    votes = sorted(({key: vote[key] for key in ("seq", "answer_hash", "weights")} for vote in votes), key=_seq)
    inputs = {"v": INPUTS_VERSION, "item": item, "labels": labels, "prior": prior, "votes": votes}
    if not softening:
        return inputs
    return {**inputs, "v": INPUTS_WITH_CONFIDENCE, "softening": softening, "confidence_ppm": confidence_ppm}


def inputs_hash(inputs: dict) -> str:
    return canonical_hash(inputs)


def build_decision(*, item: str, method: str, inputs_hash: str, value_hash: str) -> dict:
    """The decision as it is committed in a period's header; value_hash is of the decided value's canonical bytes."""
    return {
        "v": DECISION_VERSION,
        "item": item,
        "method": method,
        "inputs_hash": inputs_hash,
        "value_hash": value_hash,
    }


def _seq(vote: dict) -> int:
    return vote["seq"]
