"""Merkle tree in the encoding of OpenZeppelin's StandardMerkleTree (npm @openzeppelin/merkle-tree 1.0.8).

leaf = keccak256(keccak256(abi.encode(types, values))); node = keccak256(smaller || larger); leaves are sorted by
hash and stand at the end of a complete binary tree kept in one array. The double hash keeps a leaf from being
passed off as an inner node (second preimage).
"""

from collections.abc import Iterable, Sequence

from proofs.hashing import keccak256

WORD_BYTES = 32


def abi_word(kind: str, value) -> bytes:
    """One value of a static ABI type as its 32-byte word. Types: uint256, int256, bytes32 (hex, with or without 0x)."""
    if kind == "uint256":
        if not 0 <= value < 2**256:
            raise ValueError(f"uint256 cannot hold {value}.")
        return value.to_bytes(WORD_BYTES, "big")
    if kind == "int256":
        if not -(2**255) <= value < 2**255:
            raise ValueError(f"int256 cannot hold {value}.")
        return value.to_bytes(WORD_BYTES, "big", signed=True)
    if kind == "bytes32":
        word = bytes.fromhex(value.removeprefix("0x"))
        if len(word) != WORD_BYTES:
            raise ValueError(f"bytes32 needs 64 hex digits, got {len(word) * 2}.")
        return word
    raise ValueError(f"The leaf type {kind!r} is not one of uint256, int256, bytes32.")


def leaf_hash(types: Sequence[str], values: Sequence) -> bytes:
    encoded = b"".join(abi_word(kind, value) for kind, value in zip(types, values, strict=True))
    return keccak256(keccak256(encoded))


def node_hash(a: bytes, b: bytes) -> bytes:
    return keccak256(a + b if a < b else b + a)


class MerkleTree:
    """The tree over leaf hashes, given in any order. Raises ValueError when there is no leaf or one stands twice."""

    def __init__(self, leaves: Iterable[bytes]):
        ordered = sorted(leaves)
        if not ordered:
            raise ValueError("A Merkle tree needs at least one leaf.")
        if len(set(ordered)) != len(ordered):
            raise ValueError("A Merkle tree takes each leaf once; salt the leaves.")
        last = 2 * len(ordered) - 2
        self._position = {leaf: last - i for i, leaf in enumerate(ordered)}
        self._nodes = [b""] * (len(ordered) - 1) + ordered[::-1]
        for i in range(len(ordered) - 2, -1, -1):
            self._nodes[i] = node_hash(self._nodes[2 * i + 1], self._nodes[2 * i + 2])

    @property
    def root(self) -> bytes:
        return self._nodes[0]

    def proof(self, leaf: bytes) -> list[bytes]:
        """Siblings from the leaf up to the root. KeyError when the leaf is not in the tree."""
        i = self._position[leaf]
        path = []
        while i > 0:
            path.append(self._nodes[i + 1 if i % 2 else i - 1])
            i = (i - 1) // 2
        return path


def root_from_proof(leaf: bytes, proof: Iterable[bytes]) -> bytes:
    """The root that this leaf and this path lead to; compare it with the published one."""
    node = leaf
    for sibling in proof:
        node = node_hash(node, sibling)
    return node
