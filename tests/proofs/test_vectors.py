"""The vectors that other implementations made (tests/chain/make_vectors.mjs), reproduced byte for byte."""

import json
from pathlib import Path

import pytest

from labelling.batches.pay import pay_for, score_bps
from proofs import (
    MerkleTree,
    canonical_bytes,
    canonical_hash,
    key_id,
    leaf_hash,
    root_from_proof,
    signatures,
    verify_signature,
)

VECTORS = Path(__file__).parent.parent / "chain" / "vectors"


def vectors(name: str):
    return json.loads((VECTORS / f"{name}.json").read_text())


def values_of(leaf: dict, types: list[str]) -> list:
    return [int(v) if kind.endswith("int256") else v for kind, v in zip(types, leaf["values"], strict=True)]


@pytest.mark.parametrize("tree", vectors("merkle")["trees"], ids=lambda tree: f"{len(tree['leaves'])}-leaves")
def test_merkle_tree_is_openzeppelins(tree):
    types = vectors("merkle")["types"]
    hashes = [leaf_hash(types, values_of(leaf, types)) for leaf in tree["leaves"]]
    ours = MerkleTree(reversed(hashes))
    assert "0x" + ours.root.hex() == tree["root"]
    for leaf, digest in zip(tree["leaves"], hashes, strict=True):
        assert "0x" + digest.hex() == leaf["hash"]
        assert ["0x" + node.hex() for node in ours.proof(digest)] == leaf["proof"]
        assert root_from_proof(digest, ours.proof(digest)) == ours.root


@pytest.mark.parametrize("case", vectors("canonical"), ids=lambda case: case["sha256"][:8])
def test_canonical_json_is_the_browsers(case):
    assert canonical_bytes(case["value"]).hex() == case["utf8_hex"]
    assert canonical_hash(case["value"]) == case["sha256"]


def test_signatures_are_nodes(monkeypatch):
    case = vectors("ed25519")
    monkeypatch.setattr(signatures, "_chosen", [])
    monkeypatch.setenv(signatures.KEY_VARIABLE, case["seed"])
    assert signatures.public_key_hex() == case["public_key"]
    assert key_id() == case["key_id"]
    for document in case["signed"]:
        assert signatures.sign_receipt(document["body"]) == document["signature"]
        assert verify_signature(document["body"], document["signature"], case["public_key"])


@pytest.mark.parametrize("case", vectors("pay"), ids=str)
def test_pay_rule(case):
    assert score_bps(*case["counts"]) == case["score_bps"]
    assert pay_for(case["base_micro"], case["bonus_micro"], case["score_bps"]) == case["pay_micro"]
