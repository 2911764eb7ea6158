"""The local chain keeps its history over kill and restart, and refuses as a real node does."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import requests
from eth_account import Account
from eth_utils import to_bytes

from anchoring.local_chain import rpc
from anchoring.local_chain.evm import CHAIN_ID, LocalChain
from anchoring.local_chain.pool import PoolError

SENDER = Account.from_key("0x" + "22" * 32)
ROOT = Path(__file__).resolve().parents[2]


def signed(
    nonce: int, *, tip_wei: int = 10**9, max_fee_wei: int = 10**11, value_wei: int = 5, chain_id: int = CHAIN_ID
) -> bytes:
    transaction = {
        "type": 2,
        "chainId": chain_id,
        "nonce": nonce,
        "to": "0x" + "12" * 20,
        "value": value_wei,
        "gas": 21_000,
    }
    fees = {"maxFeePerGas": max_fee_wei, "maxPriorityFeePerGas": tip_wei}
    return bytes(SENDER.sign_transaction(transaction | fees).raw_transaction)


def make(state: Path | None = None, **options) -> LocalChain:
    return LocalChain([to_bytes(hexstr=SENDER.address)], state, **options)


def balance(chain: LocalChain) -> int:
    return int(rpc.call(chain, "eth_getBalance", ["0x" + "12" * 20]), 16)


def test_history_survives_a_restart_to_the_same_hashes(tmp_path):
    chain = make(tmp_path)
    for nonce in range(3):
        chain.send_raw(signed(nonce))
    again = make(tmp_path)
    assert again.head.hash == chain.head.hash
    assert (again.head.block_number, balance(again)) == (3, 15)


def test_a_line_torn_by_a_kill_is_forgotten(tmp_path):
    chain = make(tmp_path)
    chain.send_raw(signed(0))
    whole = chain.head.hash
    with (tmp_path / "blocks.jsonl").open("a") as journal:
        journal.write('{"timestamp": 17')
    again = make(tmp_path)
    assert again.head.hash == whole
    again.send_raw(signed(1))
    assert make(tmp_path).head.block_number == 2


def test_a_changed_journal_is_refused(tmp_path):
    make(tmp_path).send_raw(signed(0))
    path = tmp_path / "blocks.jsonl"
    block = json.loads(path.read_text())
    path.write_text(json.dumps(block | {"timestamp": block["timestamp"] + 1}) + "\n")
    with pytest.raises(ValueError, match="Block 1 of the journal gives another hash"):
        make(tmp_path)


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (signed(0), "nonce too low"),
        (signed(5, value_wei=1, max_fee_wei=10**20), "insufficient funds"),
        (signed(1, chain_id=1), "invalid chain id"),
        (b"\x02garbage", "invalid transaction"),
        (b"\xf8\x65", "transaction type not supported"),
    ],
)
def test_bad_transactions_are_refused_and_nothing_is_mined(raw, words):
    chain = make()
    chain.send_raw(signed(0, value_wei=9))
    with pytest.raises(PoolError, match=words):
        chain.send_raw(raw)
    assert (chain.head.block_number, balance(chain)) == (1, 9)


def test_the_same_bytes_twice_are_already_known():
    chain = make()
    chain.send_raw(signed(0))
    with pytest.raises(PoolError, match="already known"):
        chain.send_raw(signed(0))
    chain.automine = False
    chain.send_raw(signed(1))
    with pytest.raises(PoolError, match="already known"):
        chain.send_raw(signed(1))


def test_a_gap_waits_and_a_replacement_pays_a_tenth_more():
    chain = make()
    chain.send_raw(signed(1))
    assert chain.head.block_number == 0
    with pytest.raises(PoolError, match="replacement transaction underpriced"):
        chain.send_raw(signed(1, tip_wei=int(1.05e9), max_fee_wei=int(1.05e11)))
    chain.send_raw(signed(1, tip_wei=int(1.1e9), max_fee_wei=int(1.1e11), value_wei=7))
    chain.send_raw(signed(0))
    assert (chain.head.block_number, balance(chain)) == (1, 12)


def test_finality_comes_some_blocks_later_and_an_idle_chain_stays_short():
    chain = make(finality_blocks=2)
    chain.send_raw(signed(0))
    assert (chain.head.block_number, chain.finalized_number) == (1, 0)
    for _ in range(10):
        chain.tick()
    assert (chain.head.block_number, chain.finalized_number) == (3, 1)


def test_a_reorg_takes_blocks_back_and_their_transactions_wait_again():
    chain = make(automine=False)
    for nonce in range(3):
        chain.send_raw(signed(nonce))
        chain.mine()
    chain.rewind(1)
    assert (chain.head.block_number, balance(chain)) == (1, 5)
    chain.mine()
    assert (chain.head.block_number, balance(chain)) == (2, 15)
    chain.rewind(1, forget_transactions=True)
    chain.mine()
    assert balance(chain) == 5


def test_calls_see_the_block_that_they_ask_for():
    chain = make(finality_blocks=2)
    chain.send_raw(signed(0))
    request = {"from": SENDER.address, "to": "0x" + "12" * 20, "value": "0x1"}
    for tag in ("latest", "finalized", "0x0", "0x1"):
        assert rpc.call(chain, "eth_call", [request, tag]) == "0x"


@pytest.mark.slow
def test_the_process_answers_survives_kill_9_and_ends_on_sigterm(tmp_path):
    def start() -> tuple[subprocess.Popen, str]:
        environment = os.environ | {"PYTHONPATH": f"{ROOT / 'platform'}:{ROOT}"}
        process = subprocess.Popen(
            [sys.executable, "-m", "anchoring.local_chain", "--port", "0", "--state", str(tmp_path)],
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env=environment,
        )
        return process, process.stdout.readline().split()[3].rstrip(",")

    def ask(url: str, method: str, *params):
        return requests.post(
            url, json={"jsonrpc": "2.0", "id": 1, "method": method, "params": params}, timeout=10
        ).json()

    process, url = start()
    try:
        sent = ask(url, "eth_sendRawTransaction", "0x" + signed(0).hex())["result"]
        assert ask(url, "eth_getTransactionReceipt", sent)["result"]["status"] == "0x1"
        before = ask(url, "eth_getBlockByNumber", "0x1", False)["result"]["hash"]
        process.send_signal(signal.SIGKILL)
        process.wait()
        process, url = start()
        assert ask(url, "eth_getBlockByNumber", "0x1", False)["result"]["hash"] == before
        assert ask(url, "eth_nonsense")["error"]["code"] == -32601
        assert ask(url, "eth_getBalance")["error"]["code"] == -32602
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
    finally:
        process.kill()
        process.wait()
