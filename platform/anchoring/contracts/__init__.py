"""The anchor contract: its source, what the compiler made of it, and its calls as bytes."""

import json
from functools import lru_cache
from pathlib import Path

from eth_abi import encode
from eth_utils import keccak

HERE = Path(__file__).parent


@lru_cache(maxsize=1)
def artifact() -> dict:
    return json.loads((HERE / "Anchor.json").read_text())


def deploy_data() -> str:
    return artifact()["bytecode"]


def anchor_data(number: int, root: str, header_hash: str) -> str:
    """Call data of anchor(number, root, header)."""
    words = encode(["uint256", "bytes32", "bytes32"], [number, bytes.fromhex(root), bytes.fromhex(header_hash)])
    return _call("anchor(uint256,bytes32,bytes32)", words)


def read_data(function: str, *numbers: int) -> str:
    """Call data of a getter: count(), roots(n), headers(n)."""
    return _call(f"{function}({','.join(['uint256'] * len(numbers))})", encode(["uint256"] * len(numbers), numbers))


def includes_data(number: int, leaf: str, proof: list[str]) -> str:
    values = [number, bytes.fromhex(leaf), [bytes.fromhex(node) for node in proof]]
    return _call("includes(uint256,bytes32,bytes32[])", encode(["uint256", "bytes32", "bytes32[]"], values))


def _call(signature: str, words: bytes) -> str:
    return "0x" + (keccak(text=signature)[:4] + words).hex()
