"""What a proof bundle promises, recomputed. Pure: no Django, no database, no network; see docs/proof_bundle.md.

worker_app/src/verify is the same in the browser and gives the same findings; tests/chain/vectors/bundles.json holds both to it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from labelling.batches.pay import RULE_HASHES, RULES, bonus_for, score_bps
from labelling.proof.integer_rule import confidence_ppm, decide
from proofs import canonical_hash, check_headers, header_hash, verify_signature
from proofs.golds import gold_leaf
from proofs.merkle import root_from_proof
from proofs.statements import build_statement, commitment_leaf, is_payout, statement_leaf

BUNDLE_VERSION = "bundle-1"
SHOWN_FAILURES = 3
MALFORMED = "The bundle is malformed here."
OTHER_KEY = "The bundle names another key as the platform's."

Claim = tuple[bool, str]  # does it hold, and what to say when it does not


@dataclass(frozen=True)
class Finding:
    """holds None: there was nothing to check, or it could not be checked; `detail` says why."""

    name: str
    holds: bool | None
    detail: str


def check(bundle: dict, *, public_key: str = "", known_header: str = "") -> list[Finding]:
    """All that can be checked offline, one finding for each kind of promise, always in the same order.

    public_key: the platform's, known from elsewhere. known_header: the hash of a header that the worker kept from
    before; the bundle's chain must contain it. Never raises: what is malformed does not hold.
    """
    found = [find(name, claims, bundle) for name, claims in CHECKS]
    if public_key:
        found.append(find("key", lambda b: iter([(b["public_key"] == public_key, OTHER_KEY)]), bundle))
    if known_header:
        found.append(find("known_header", lambda b: _check_known(b, known_header), bundle))
    return found


def find(name: str, claims: Callable[[dict], Iterator[Claim]], bundle: dict) -> Finding:
    """Collect the claims of one check into its finding."""
    try:
        made = list(claims(bundle))
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, OverflowError, StopIteration, RuntimeError):
        return Finding(name, False, MALFORMED)
    broken = [sentence for holds, sentence in made if not holds]
    if broken:
        more = f" And {len(broken) - SHOWN_FAILURES} more." if len(broken) > SHOWN_FAILURES else ""
        return Finding(name, False, " ".join(broken[:SHOWN_FAILURES]) + more)
    return Finding(name, True, f"{len(made)} checked") if made else Finding(name, None, "nothing to check")


# --- the checks ---------------------------------------------------------------------------------------------------
def check_signature(bundle: dict) -> Iterator[Claim]:
    unsigned = {key: value for key, value in bundle.items() if key != "signature"}
    yield bundle["v"] == BUNDLE_VERSION, "This verifier knows bundle-1 only."
    signed = verify_signature(unsigned, bundle["signature"], bundle["public_key"])
    yield signed, "The bundle is not as the platform signed it."


def check_rule(bundle: dict) -> Iterator[Claim]:
    known = [{"version": one, "text": text, "hash": RULE_HASHES[one]} for one, text in RULES.items()]
    yield bundle["rule"] in known, "The pay rule is not the one that this verifier computes."


def check_chain(bundle: dict) -> Iterator[Claim]:
    headers = bundle["headers"]
    numbers = [header["number"] for header in headers]
    yield bundle["period"] in numbers, f"The header of period {bundle['period']} is missing."
    broken = check_headers(headers)
    yield not broken, " ".join(broken)
    for anchor in bundle["anchors"]:
        header = _header(bundle, anchor["number"])
        same = (anchor["root"], anchor["header_hash"]) == (header["statements_root"], header_hash(header))
        yield same, f"What is anchored for period {anchor['number']} is not its header."


def check_statements(bundle: dict) -> Iterator[Claim]:
    for one in bundle["statements"]:
        said, lines = one["statement"], one["lines"]
        copied = {name: said[name] for name in ("period", "pseudonym", "currency", "opening_micro", "salt")}
        yield (
            said == build_statement(lines=lines, **copied),
            f"The {said['currency']} statement is not the sum of its lines.",
        )
        root = root_from_proof(statement_leaf(said), map(bytes.fromhex, one["proof"])).hex()
        inside = said["period"] == bundle["period"] and root == _header(bundle, said["period"])["statements_root"]
        yield inside, f"The {said['currency']} statement is not in the tree of period {bundle['period']}."


def check_receipts(bundle: dict) -> Iterator[Claim]:
    ids = [answer["receipt"]["answer_id"] for answer in bundle["answers"]]
    if ids:
        yield len(set(ids)) == len(ids), "An answer stands twice in the bundle."
    for answer in bundle["answers"]:
        receipt = answer["receipt"]
        signed = verify_signature(receipt, answer["signature"], bundle["public_key"])
        yield (
            signed and receipt["v"] == "receipt-1",
            f"The receipt of {receipt['answer_id']} is not signed by the platform's key.",
        )
        yield receipt["worker"] == bundle["worker"], f"The receipt of {receipt['answer_id']} is another worker's."
        same = canonical_hash(answer["value"]) == receipt["answer_hash"]
        yield same, f"The answer {receipt['answer_id']} is not the one that was received."


def check_offers(bundle: dict) -> Iterator[Claim]:
    offers = {canonical_hash(one["offer"]): one["offer"] for one in bundle["offers"]}
    for digest, one in zip(offers, bundle["offers"], strict=True):
        leaf = commitment_leaf("offer", one["offer"]["batch"], digest)
        yield _is_committed(bundle, leaf, one), f"The offer of batch {one['offer']['batch']} was not fixed in a header."
        rule = (one["offer"]["rule_version"], one["offer"]["rule_hash"])
        yield rule in RULE_HASHES.items(), f"Batch {one['offer']['batch']} was offered under another pay rule."
    for answer in bundle["answers"]:
        receipt = answer["receipt"]
        offer = offers.get(receipt["offer_hash"], {})
        same = all(offer.get(name) == receipt[name] for name in ("batch", "base_micro", "bonus_micro", "currency"))
        yield same, f"The receipt of {receipt['answer_id']} does not quote its batch's offer."


def check_pay(bundle: dict) -> Iterator[Claim]:
    answers = {answer["receipt"]["answer_id"]: answer for answer in bundle["answers"]}
    seen = set()
    for statement in bundle["statements"]:
        for line in statement["lines"]:
            verb, _, answer_id = line["key"].partition(":")
            yield line["key"] not in seen, f"The line {line['key']} stands twice."
            seen.add(line["key"])
            if verb in ("earn", "settle", "refuse"):
                answer = answers.get(answer_id)
                due_micro = None
                if (
                    answer
                    and answer["receipt"]["currency"] == statement["statement"]["currency"]
                    and line["kind"] == verb
                ):
                    due_micro = _due_micro(verb, answer)
                yield line["amount_micro"] == due_micro, _say_pay(line, due_micro)
            else:
                known = is_payout(line["kind"]) or line["amount_micro"] >= 0
                yield known, f"The line {line['key']} takes money, and no rule that this verifier knows says so."
    for answer_id in answers:
        paid = f"earn:{answer_id}" in seen or f"settle:{answer_id}" in seen or f"refuse:{answer_id}" in seen
        yield paid, f"The answer {answer_id} has no line in the statement."


def _due_micro(verb: str, answer: dict) -> int | None:
    """What the line must be by the receipt and the rule; None when the bundle has nothing that it could rest on."""
    receipt, settled = answer["receipt"], answer["settlement"]
    if verb == "earn":
        return receipt["base_micro"]
    if verb == "refuse":
        return -receipt["base_micro"]
    if settled is None or settled["score_bps"] != score_bps(*settled["counts"]):
        return None
    bonus_micro = bonus_for(receipt["bonus_micro"], settled["score_bps"])
    stated = (settled["base_micro"], settled["bonus_micro"])
    return bonus_micro if stated == (receipt["base_micro"], bonus_micro) else None


def _say_pay(line: dict, due_micro: int | None) -> str:
    if due_micro is None:
        return f"The line {line['key']} has no receipt and counts that it could rest on."
    return f"The line {line['key']} is {line['amount_micro']} and should be {due_micro}."


def check_counts(bundle: dict) -> Iterator[Claim]:
    """Along her settlements in a project, in their order, the counts go up by what each answer says."""
    last: dict[str, list[int]] = {}
    for answer in bundle["answers"]:
        settled = answer["settlement"]
        if settled is None:
            continue
        right, seen, agreed, decided = settled["counts"]
        before = last.get(answer["receipt"]["project"])
        last[answer["receipt"]["project"]] = settled["counts"]
        step = [0, 0] if settled["agreed"] is None else [int(settled["agreed"]), 1]
        if before is not None:
            grown = [agreed - before[2], decided - before[3]] == step and right >= before[0] and seen >= before[1]
            yield grown, f"The counts at {answer['receipt']['answer_id']} do not follow those before."


def check_decisions(bundle: dict) -> Iterator[Claim]:
    decisions = {canonical_hash(one["decision"]): one for one in bundle["decisions"]}
    if decisions:
        yield len(decisions) == len(bundle["decisions"]), "A decision stands twice in the bundle."
    for one in bundle["decisions"]:
        yield from _check_decision(bundle, one)
    for answer in bundle["answers"]:
        if answer["settlement"] is not None:
            yield from _check_vote(answer, decisions.get(answer["settlement"]["decision"]))


def _check_vote(answer: dict, one: dict | None) -> Iterator[Claim]:
    """Her answer was used as it should be, and measured against the decision as it should be."""
    receipt, settled = answer["receipt"], answer["settlement"]
    if one is None:
        none = settled["agreed"] is settled["counted"] is settled["decision"] is None
        yield none, f"The decision of item {receipt['item']} is missing."
        return
    yield one["decision"]["item"] == receipt["item"], f"The answer {receipt['answer_id']} was measured by another item."
    votes = [(vote["seq"], vote["answer_hash"]) for vote in one["inputs"]["votes"]]
    used = (receipt["seq"], receipt["answer_hash"]) in votes
    yield used == settled["counted"], f"The answer {receipt['answer_id']} was left out of its decision, or put into it."
    yield (
        not used or settled["agreed"] is not None,
        f"The answer {receipt['answer_id']} was not measured by its decision.",
    )
    if one["inputs"]["labels"] and settled["agreed"] is not None:
        same = (answer["value"] == one["value"]) == settled["agreed"]
        yield same, f"The answer {receipt['answer_id']} is said to disagree, or to agree, and does not."


def _check_decision(bundle: dict, one: dict) -> Iterator[Claim]:
    decision, inputs = one["decision"], one["inputs"]
    item = decision["item"]
    leaf = commitment_leaf("decision", item, canonical_hash(decision))
    yield _is_committed(bundle, leaf, one), f"The decision of item {item} was not fixed in a header."
    same = inputs["item"] == item and canonical_hash(inputs) == decision["inputs_hash"]
    yield same, f"The votes on item {item} are not those of its decision."
    yield canonical_hash(one["value"]) == decision["value_hash"], f"The value of item {item} is not the decided one."
    if inputs["labels"]:
        yield one["value"] == {"label": decide(inputs)}, f"The votes on item {item} decide otherwise."
    if "softening" in inputs:  # not in decisions of earlier rules
        same = inputs["confidence_ppm"] == confidence_ppm(inputs)
        yield same, f"The votes on item {item} are not as sure as is said."


def check_golds(bundle: dict) -> Iterator[Claim]:
    roots = {one["offer"]["gold_root"] for one in bundle["offers"]}
    items = {answer["receipt"]["item"] for answer in bundle["answers"]}
    if bundle["golds"]:
        once = len({one["gold"]["item"] for one in bundle["golds"]}) == len(bundle["golds"])
        yield once, "A known answer stands twice in the bundle."
    for one in bundle["golds"]:
        gold = one["gold"]
        root = root_from_proof(gold_leaf(gold), map(bytes.fromhex, one["proof"])).hex()
        yield root in roots, f"The known answer of item {gold['item']} was not fixed when its batch opened."
        yield (
            canonical_hash(one["truth"]) == gold["truth_hash"],
            f"The known answer of item {gold['item']} was changed.",
        )
        yield gold["item"] in items, f"Item {gold['item']} is not among the answers."


def _check_known(bundle: dict, known_header: str) -> Iterator[Claim]:
    hashes = [header_hash(header) for header in bundle["headers"]] + [bundle["headers"][0]["prev"]]
    yield known_header in hashes, "The header that you kept is not in this chain: a different history was shown to you."


def _header(bundle: dict, number: int) -> dict:
    return next((header for header in bundle["headers"] if header["number"] == number), {})


def _is_committed(bundle: dict, leaf: bytes, one: dict) -> bool:
    root = root_from_proof(leaf, map(bytes.fromhex, one["proof"])).hex()
    return root == _header(bundle, one["period"]).get("commitments_root")


CHECKS: list[tuple[str, Callable[[dict], Iterator[Claim]]]] = [
    ("signature", check_signature),
    ("rule", check_rule),
    ("headers", check_chain),
    ("statement", check_statements),
    ("receipts", check_receipts),
    ("offers", check_offers),
    ("pay", check_pay),
    ("counts", check_counts),
    ("decisions", check_decisions),
    ("golds", check_golds),
]
