"""What the proofs refuse, and what a change of one bit does to them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import proofs
from labelling.batches import pay
from proofs import MerkleTree, canonical_bytes, canonical_json, root_from_proof, signatures
from proofs.headers import GENESIS
from proofs.merkle import abi_word, leaf_hash

SEED = "07" * 32
RECEIPT = {
    "answer_id": "0197a0c0-0000-7000-8000-000000000001",
    "answer_hash": "ab" * 32,
    "item": "item-1",
    "project": "project-1",
    "batch": "batch-1",
    "worker": "w-1",
    "seq": 7,
    "received_at_ms": 1_795_000_000_000,
    "offer_hash": "cd" * 32,
    "base_micro": 1000,
    "bonus_micro": 500,
    "currency": "KES",
}


@pytest.fixture(autouse=True)
def _key(monkeypatch):
    monkeypatch.setattr(signatures, "_chosen", [SEED])


@pytest.mark.parametrize(
    ("value", "place"),
    [
        ({"box": [1, 2.5]}, "$.box[1]"),
        ({"n": 2**53}, "$.n"),
        ([{1: 2}], "$[0]"),
        ({"d": {"x": b""}}, "$.d.x"),
        (float("nan"), "$"),
    ],
)
def test_canonical_json_names_what_it_refuses(value, place):
    with pytest.raises(ValueError, match="Canonical JSON refuses") as refusal:
        canonical_bytes(value)
    assert f"at {place}:" in str(refusal.value)


def test_canonical_json_refuses_lone_surrogates():
    with pytest.raises(ValueError, match="surrogate"):
        canonical_bytes("\ud800")


def test_results_with_fractions_are_fixed_as_text():
    value = {"score": 2.5, "boxes": [{"x": 1, "y": 0.1}], "none": None}
    assert proofs.exact(value) == {"score": "2.5", "boxes": [{"x": 1, "y": "0.1"}], "none": None}
    assert canonical_bytes(proofs.exact(value)) == b'{"boxes":[{"x":1,"y":"0.1"}],"none":null,"score":"2.5"}'


integers = st.integers(-(2**53) + 1, 2**53 - 1)
documents = st.recursive(
    st.none() | st.booleans() | integers | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(documents)
def test_canonical_json_does_not_depend_on_the_order_of_keys(document):
    def reversed_keys(value):
        if isinstance(value, dict):
            return {key: reversed_keys(value[key]) for key in reversed(value)}
        return [reversed_keys(v) for v in value] if isinstance(value, list) else value

    assert canonical_bytes(document) == canonical_bytes(reversed_keys(document))


@given(documents)
def test_the_fast_way_to_canonical_json_gives_the_same_bytes(document):
    fast = canonical_json._plain_bytes(document)
    assert fast in (None, canonical_json._encode(canonical_json._checked(document, "$")).encode())


def test_the_fast_way_to_canonical_json_is_taken():
    assert canonical_json._plain_bytes({"a": [1, "é", None, True, {"b": -5}]}) is not None


def test_a_receipt_verifies_and_no_changed_receipt_does():
    body, signature = proofs.build_receipt(**RECEIPT)
    key = proofs.public_key_hex()
    assert proofs.verify_signature(body, signature, key)
    for field, value in body.items():
        changed = value + 1 if isinstance(value, int) else value[:-1] + chr(ord(value[-1]) ^ 1)
        assert not proofs.verify_signature(body | {field: changed}, signature, key), field
    assert not proofs.verify_signature(body, "00" * 64, key)
    assert not proofs.verify_signature(body, "not hex", key)
    assert not proofs.verify_signature(body, signature, "12" * 32)


def test_signing_without_a_key_says_what_to_do(monkeypatch):
    monkeypatch.setattr(signatures, "_chosen", [])
    monkeypatch.setenv("RECEIPT_SIGNING_KEY", "")
    with pytest.raises(ValueError, match="RECEIPT_SIGNING_KEY must be 64 hex digits"):
        proofs.sign(b"x")


def test_an_inner_node_cannot_pass_for_a_leaf():
    leaves = [leaf_hash(["uint256"], [i]) for i in range(4)]
    tree = MerkleTree(leaves)
    inner = proofs.merkle.node_hash(*sorted(leaves)[:2])
    pair = b"".join(sorted(sorted(leaves)[:2]))
    assert proofs.keccak256(pair) == inner
    # A 64-byte value made of two leaves would hash to the inner node if leaves were hashed once.
    assert leaf_hash(["bytes32", "bytes32"], [pair[:32].hex(), pair[32:].hex()]) != inner
    with pytest.raises(KeyError):
        tree.proof(inner)


def test_a_proof_holds_for_its_own_leaf_only():
    leaves = [leaf_hash(["uint256"], [i]) for i in range(9)]
    tree = MerkleTree(leaves)
    proof = tree.proof(leaves[4])
    assert root_from_proof(leaves[4], proof) == tree.root
    assert root_from_proof(leaves[5], proof) != tree.root
    assert root_from_proof(leaves[4], proof[:-1]) != tree.root


def test_the_tree_refuses_nothing_and_the_same_twice():
    with pytest.raises(ValueError, match="at least one leaf"):
        MerkleTree([])
    with pytest.raises(ValueError, match="each leaf once"):
        MerkleTree([b"a" * 32, b"a" * 32])


@pytest.mark.parametrize(
    ("kind", "value"), [("uint256", -1), ("uint256", 2**256), ("int256", 2**255), ("bytes32", "ab"), ("string", "x")]
)
def test_abi_words_refuse_what_they_cannot_hold(kind, value):
    with pytest.raises(ValueError, match=kind):
        abi_word(kind, value)


def header(number: int, prev: str, root: str = "aa" * 32) -> dict:
    return proofs.build_header(
        number=number,
        day=f"2026-11-{20 + number}",
        prev=prev,
        statements_root=root,
        statement_count=3,
        commitments_root="bb" * 32,
        commitment_count=2,
        ledger_head="cc" * 32,
    )


def test_headers_chain_and_every_break_is_named():
    first = header(0, GENESIS)
    second = header(1, proofs.header_hash(first))
    third = header(2, proofs.header_hash(second))
    assert proofs.check_headers([first, second, third]) == []
    assert proofs.check_headers([second, third], prev=proofs.header_hash(first)) == []
    assert proofs.check_headers([first, second | {"statement_count": 4}, third])
    assert proofs.check_headers([first, third])
    assert proofs.check_headers([header(0, "11" * 32)]) == ["Header 0 must follow the genesis hash."]
    assert proofs.check_headers([second], prev="22" * 32)


def test_pay_has_a_floor_a_cap_and_refuses_nonsense():
    assert pay.pay_for(1000, 333, 5000) == 1166
    assert pay.pay_for(1000, 333, 99_999) == 1333
    assert pay.pay_for(1000, 333, 0) == 1000
    with pytest.raises(ValueError, match="negative"):
        pay.pay_for(1000, -1, 5000)
    with pytest.raises(ValueError, match="gold_right <= gold_seen"):
        pay.score_bps(2, 1, 0, 0)


@given(st.tuples(*[st.integers(0, 1000)] * 4))
def test_score_stays_between_nothing_and_all_and_grows_with_agreement(counts):
    right, wrong, agreed, against = counts
    score = pay.score_bps(right, right + wrong, agreed, agreed + against)
    assert 0 <= score <= 10_000
    assert pay.score_bps(right, right + wrong, agreed + 1, agreed + 1 + against) >= score
    assert pay.score_bps(right, right + wrong, agreed, agreed + 1 + against) <= score


def test_wage_is_money_over_active_time():
    assert pay.wage_micro_per_hour(5_000_000, 90_000) == 200_000_000
    assert pay.wage_micro_per_hour(5_000_000, 0) is None
