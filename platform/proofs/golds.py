"""Gold answers fixed before a batch opens, and opened one by one when they retire."""

from proofs.canonical_json import canonical_hash
from proofs.hashing import keccak256
from proofs.merkle import MerkleTree
from proofs.signatures import derived_salt

GOLD_VERSION = "gold-1"


def build_gold(item: str, truth) -> dict:
    """The opening of one gold: without its salt, which only the key's owner can make, its hash tells nothing."""
    return {"v": GOLD_VERSION, "item": item, "truth_hash": canonical_hash(truth), "salt": derived_salt(f"gold:{item}")}


def gold_leaf(gold: dict) -> bytes:
    return keccak256(keccak256(bytes.fromhex(canonical_hash(gold))))


def gold_tree(golds: list[dict]) -> MerkleTree:
    return MerkleTree(map(gold_leaf, golds))
