"""Proof, without Django: canonical JSON, hashes, the Merkle tree, the chain of headers, receipts and signatures."""

from proofs.canonical_json import canonical_bytes, canonical_hash, exact
from proofs.decisions import build_decision, build_inputs, inputs_hash
from proofs.golds import build_gold, gold_leaf, gold_tree
from proofs.hashing import keccak256, sha256_hex
from proofs.headers import build_header, check_headers, header_hash
from proofs.merkle import MerkleTree, leaf_hash, root_from_proof
from proofs.receipts import build_offer, build_receipt, offer_hash, receipt_hash
from proofs.signatures import key_id, public_key_hex, sign, sign_receipt, use_signing_key, verify_signature
from proofs.statements import build_statement, commitment_leaf, is_payout, lines_hash, statement_leaf

__all__ = [
    "MerkleTree",
    "build_decision",
    "build_gold",
    "build_header",
    "build_inputs",
    "build_offer",
    "build_receipt",
    "build_statement",
    "canonical_bytes",
    "canonical_hash",
    "check_headers",
    "commitment_leaf",
    "exact",
    "gold_leaf",
    "gold_tree",
    "header_hash",
    "inputs_hash",
    "is_payout",
    "keccak256",
    "key_id",
    "leaf_hash",
    "lines_hash",
    "offer_hash",
    "public_key_hex",
    "receipt_hash",
    "root_from_proof",
    "sha256_hex",
    "sign",
    "sign_receipt",
    "statement_leaf",
    "use_signing_key",
    "verify_signature",
]
