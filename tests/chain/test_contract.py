"""The contract on a chain: order, owner, repetition, inclusion; and that the committed bytes come from the source."""

import json
import secrets

import pytest
from eth_account import Account
from eth_utils import to_bytes, to_checksum_address

from anchoring import contracts
from anchoring.contracts.compile import compiled
from anchoring.local_chain import rpc
from anchoring.local_chain.evm import CHAIN_ID, LocalChain
from proofs import MerkleTree, leaf_hash

OWNER = Account.from_key("0x" + "11" * 32)
STRANGER = Account.from_key("0x" + "33" * 32)
FEES = {
    "type": 2,
    "chainId": CHAIN_ID,
    "maxFeePerGas": 10**11,
    "maxPriorityFeePerGas": 10**9,
    "value": 0,
    "gas": 600_000,
}


class Deployed:
    """The contract, deployed by OWNER."""

    def __init__(self):
        self.chain = LocalChain([to_bytes(hexstr=a.address) for a in (OWNER, STRANGER)])
        self.address = self.send(OWNER, {"data": contracts.deploy_data()})["contractAddress"]

    def send(self, account, what: dict) -> dict:
        nonce = int(rpc.call(self.chain, "eth_getTransactionCount", [account.address]), 16)
        raw = bytes(account.sign_transaction(FEES | what | {"nonce": nonce}).raw_transaction)
        return rpc.call(self.chain, "eth_getTransactionReceipt", ["0x" + self.chain.send_raw(raw).hex()])

    def anchor(self, number: int, root: str, header: str, account=OWNER) -> dict:
        return self.send(account, {"to": self.address, "data": contracts.anchor_data(number, root, header)})

    def read(self, data: str) -> bytes:
        return to_bytes(hexstr=rpc.call(self.chain, "eth_call", [{"to": self.address, "data": data}]))

    def count(self) -> int:
        return int.from_bytes(self.read(contracts.read_data("count")), "big")


@pytest.fixture
def deployed() -> Deployed:
    return Deployed()


def test_committed_bytecode_is_the_sources():
    assert json.loads((contracts.HERE / "Anchor.json").read_text()) == compiled()


def test_periods_are_written_in_order_and_once(deployed):
    assert deployed.anchor(0, "aa" * 32, "bb" * 32)["status"] == "0x1"
    assert deployed.anchor(1, "cc" * 32, "dd" * 32)["status"] == "0x1"
    assert deployed.count() == 2
    assert deployed.read(contracts.read_data("roots", 1)).hex() == "cc" * 32
    assert deployed.read(contracts.read_data("headers", 0)).hex() == "bb" * 32
    for number in (3, 4, 2**255):
        assert deployed.anchor(number, "ee" * 32, "ff" * 32)["status"] == "0x0"
    assert deployed.count() == 2


def test_the_same_again_changes_nothing_and_another_root_is_refused(deployed):
    first = deployed.anchor(0, "aa" * 32, "bb" * 32)
    again = deployed.anchor(0, "aa" * 32, "bb" * 32)
    assert again["status"] == "0x1"
    assert (len(first["logs"]), len(again["logs"])) == (1, 0)
    assert int(again["gasUsed"], 16) < 30_000 < int(first["gasUsed"], 16)
    assert deployed.anchor(0, "ab" * 32, "bb" * 32)["status"] == "0x0"
    assert deployed.anchor(0, "aa" * 32, "ba" * 32)["status"] == "0x0"
    assert deployed.read(contracts.read_data("roots", 0)).hex() == "aa" * 32
    assert deployed.count() == 1


def test_only_the_owner_writes(deployed):
    assert deployed.anchor(0, "aa" * 32, "bb" * 32, account=STRANGER)["status"] == "0x0"
    assert deployed.count() == 0


@pytest.mark.parametrize("size", [1, 2, 3, 6, 17])
def test_inclusion_is_checked_on_the_chain(deployed, size):
    leaves = [leaf_hash(["uint256", "bytes32"], [i, secrets.token_hex(32)]) for i in range(size)]
    tree = MerkleTree(leaves)
    deployed.anchor(0, tree.root.hex(), "bb" * 32)

    def included(number: int, leaf: bytes, proof: list[bytes]) -> bool:
        data = contracts.includes_data(number, leaf.hex(), [node.hex() for node in proof])
        return bool(int.from_bytes(deployed.read(data), "big"))

    for leaf in leaves:
        assert included(0, leaf, tree.proof(leaf))
        assert not included(1, leaf, tree.proof(leaf))
        assert not included(0, secrets.token_bytes(32), tree.proof(leaf))
    if size > 1:
        assert not included(0, leaves[0], tree.proof(leaves[0])[:-1])


def test_the_contracts_address_is_known_before_it_is_deployed(deployed):
    from eth_utils import keccak
    from rlp import encode

    assert deployed.address == to_checksum_address(keccak(encode([to_bytes(hexstr=OWNER.address), 0]))[12:])
