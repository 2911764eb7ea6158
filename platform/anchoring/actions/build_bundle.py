"""The proof bundle of one worker and one period; the format is docs/proof_bundle.md."""

from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache

from anchoring.actions.find_commitments import decision_of
from anchoring.models import Commitment, Period, Statement
from consensus.app.models import SupersededDecision
from labelling.batches.batch_terms import golds_at_opening
from labelling.batches.pay import RULE_HASH, RULE_TEXT, RULE_VERSION
from labelling.models import Answer, Batch, Decision, Gold
from people.models import Worker
from proofs import (
    MerkleTree,
    build_gold,
    canonical_hash,
    commitment_leaf,
    exact,
    gold_leaf,
    gold_tree,
    public_key_hex,
    sign_receipt,
)

BUNDLE_VERSION = "bundle-1"
PAY_VERBS = ("earn", "settle", "refuse")
Version = Decision | SupersededDecision


def build_bundle(worker: Worker, period: Period) -> dict:
    """Everything she needs to check the period alone, signed. The caller has made sure that it is her period."""
    statements = [_statement(statement) for statement in period.statements.filter(worker=worker).order_by("currency")]
    verbs = _verbs_by_answer(statements)
    answers = _answers(worker, verbs)
    offers = _offers({answer.batch_id for answer in answers})
    measured = _measured_by([a for a in answers if "settle" in verbs[str(a.pk)]])
    decisions = _decisions(measured.values())
    used = {period.number} | {one["period"] for one in offers + decisions if one["period"] is not None}
    periods = Period.objects.filter(number__range=(min(used), max(used))).select_related("anchor")
    bundle = {
        "v": BUNDLE_VERSION,
        "public_key": public_key_hex(),
        "rule": {"version": RULE_VERSION, "text": RULE_TEXT, "hash": RULE_HASH},
        "worker": worker.pseudonym,
        "period": period.number,
        "headers": [one.header for one in periods],
        "anchors": [_anchor(one) for one in periods if hasattr(one, "anchor")],
        "statements": statements,
        "answers": [_answer(answer, verbs[str(answer.pk)], measured) for answer in answers],
        "offers": offers,
        "decisions": decisions,
        "golds": _golds(answers),
    }
    return bundle | {"signature": sign_receipt(bundle)}


def _statement(statement: Statement) -> dict:
    lines = [dict(line) for line in statement.lines.order_by("transfer_id").values("key", "kind", "amount_micro")]
    return {
        "statement": statement.document(lines),
        "lines": lines,
        "proof": _path(_statements_tree(statement.period_id), bytes.fromhex(statement.leaf)),
    }


def _verbs_by_answer(statements: list[dict]) -> dict[str, set[str]]:
    """{answer id: what this period's lines say happened to it}."""
    verbs: dict[str, set[str]] = defaultdict(set)
    for statement in statements:
        for line in statement["lines"]:
            verb, _, answer_id = line["key"].partition(":")
            if verb in PAY_VERBS:
                verbs[answer_id].add(verb)
    return verbs


def _answers(worker: Worker, verbs: dict) -> list[Answer]:
    """In the order in which they were settled, then those that wait."""
    found = Answer.objects.filter(worker=worker, pk__in=list(verbs)).select_related("settlement")
    return sorted(
        found, key=lambda a: (not hasattr(a, "settlement"), a.settlement.pk if hasattr(a, "settlement") else a.seq)
    )


def _measured_by(settled: list[Answer]) -> dict[str, Version]:
    """{answer id: the final decision that stood when the answer was settled}; gold and undecided items have none."""
    versions: dict[int, list[Version]] = defaultdict(list)
    items = {answer.item_id for answer in settled if answer.settlement.agreed is not None}
    for model, final in ((SupersededDecision, {}), (Decision, {"final": True})):
        for version in model.objects.filter(item__in=items, **final).order_by("decided_at"):
            versions[version.item_id].append(version)
    return {
        str(answer.pk): _standing(versions[answer.item_id], answer) for answer in settled if versions[answer.item_id]
    }


def _standing(versions: list[Version], answer: Answer) -> Version:
    before = [version for version in versions if version.decided_at <= answer.settlement.settled_at]
    return before[-1] if before else versions[0]


def _answer(answer: Answer, verbs: set[str], measured: dict[str, Version]) -> dict:
    """A settlement belongs to the period that has its line."""
    return {
        "receipt": answer.receipt,
        "signature": answer.receipt_signature,
        "value": answer.value,
        "settlement": _settlement(answer, measured.get(str(answer.pk))) if "settle" in verbs else None,
    }


def _settlement(answer: Answer, decision: Version | None) -> dict:
    copied = ("base_micro", "bonus_micro", "score_bps", "counts", "agreed")
    settled = {name: getattr(answer.settlement, name) for name in copied}
    if decision is None:
        return settled | {"counted": None, "decision": None}
    return settled | {"counted": answer.counted, "decision": canonical_hash(decision_of(decision))}


def _offers(batch_ids: set[int]) -> list[dict]:
    batches = Batch.objects.filter(pk__in=batch_ids).order_by("pk")
    places = _places("offer", {batch.offer_hash: str(batch.pk) for batch in batches})
    return [{"offer": batch.offer} | places[batch.offer_hash] for batch in batches]


def _decisions(versions: Iterable[Version]) -> list[dict]:
    """Each once, with all that it was made from."""
    found = {canonical_hash(decision_of(version)): version for version in versions}
    places = _places("decision", {digest: str(version.item_id) for digest, version in found.items()})
    return [
        {"decision": decision_of(version), "value": exact(version.value), "inputs": inputs_of(version)} | places[digest]
        for digest, version in sorted(found.items(), key=lambda pair: pair[1].item_id)
    ]


def inputs_of(version: Version) -> dict:
    return version.inputs if isinstance(version, SupersededDecision) else version.detail.get("inputs", {})


def _places(kind: str, references: dict[str, str]) -> dict[str, dict]:
    """{document hash: the period that fixed it, and the path to its root}, for {document hash: reference}."""
    found = Commitment.objects.filter(kind=kind, document_hash__in=list(references)).select_related("period")
    periods = {(row.reference, row.document_hash): row.period for row in found}
    return {digest: _place(kind, ref, digest, periods.get((ref, digest))) for digest, ref in references.items()}


def _place(kind: str, reference: str, digest: str, period: Period | None) -> dict:
    if period is None:
        return {"period": None, "proof": []}
    tree = _commitments_tree(period.pk)
    return {"period": period.number, "proof": _path(tree, commitment_leaf(kind, reference, digest))}


def _golds(answers: list[Answer]) -> list[dict]:
    """The known answers she met that have retired: those still in use stay unseen."""
    met = {answer.item_id: answer.batch_id for answer in answers if answer.gold_right is not None}
    retired = Gold.objects.filter(item__in=met).exclude(retired_at=None).order_by("item_id")
    return [opened for gold in retired if (opened := _open_gold(gold, met[gold.item_id]))]


def _open_gold(gold: Gold, batch_id: int) -> dict | None:
    """None when the golds of that opening cannot be put together any more, or it was not among them."""
    batch = Batch.objects.get(pk=batch_id)
    golds = [build_gold(str(item), truth) for item, truth in golds_at_opening(batch)]
    mine = build_gold(str(gold.item_id), gold.truth)
    if mine not in golds or gold_tree(golds).root.hex() != batch.offer.get("gold_root"):
        return None
    return {"gold": mine, "truth": gold.truth, "proof": _path(gold_tree(golds), gold_leaf(mine))}


def _anchor(period: Period) -> dict:
    anchor = period.anchor
    return {
        "number": period.number,
        "root": period.statements_root,
        "header_hash": period.header_hash,
        "state": anchor.state,
        "chain_id": anchor.chain_id,
        "contract": anchor.contract,
        "tx_hash": anchor.mined_hash or anchor.newest.tx_hash,
        "block_number": anchor.block_number,
    }


def _path(tree: MerkleTree, leaf: bytes) -> list[str]:
    return [node.hex() for node in tree.proof(leaf)]


# A closed period never changes, so its trees are kept.
@lru_cache(maxsize=8)
def _statements_tree(period_id: int) -> MerkleTree:
    leaves = Statement.objects.filter(period=period_id).values_list("leaf", flat=True)
    return MerkleTree(map(bytes.fromhex, leaves))


@lru_cache(maxsize=8)
def _commitments_tree(period_id: int) -> MerkleTree:
    rows = Commitment.objects.filter(period=period_id).values_list("kind", "reference", "document_hash")
    return MerkleTree(commitment_leaf(*row) for row in rows)
