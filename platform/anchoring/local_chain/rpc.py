"""JSON-RPC over the local chain: the methods that web3 and a verifier need, by Ethereum's execution API."""

from collections.abc import Callable
from typing import Any

from eth.exceptions import VMError
from eth.vm.spoof import SpoofTransaction
from eth_abi import decode
from eth_typing import Address, Hash32
from eth_utils import to_bytes, to_checksum_address

from anchoring.local_chain.evm import CHAIN_ID, GAS_LIMIT, LocalChain
from anchoring.local_chain.pool import PoolError

ERROR_STRING = bytes.fromhex("08c379a0")  # selector of Error(string)
TIP_WEI = 1_000_000_000


class RpcError(Exception):
    def __init__(self, code: int, message: str, data: str | None = None):
        super().__init__(message)
        self.body = {"code": code, "message": message} | ({"data": data} if data else {})


def call(chain: LocalChain, method: str, params: list):
    """Result of one call. Raises RpcError."""
    handler = METHODS.get(method)
    if handler is None:
        raise RpcError(-32601, f"the method {method} does not exist/is not available")
    try:
        return handler(chain, *params)
    except PoolError as error:
        raise RpcError(-32000, str(error)) from error
    except (TypeError, ValueError, KeyError) as error:
        raise RpcError(-32602, f"invalid params: {error}") from error


def hexed(value: bytes) -> str:
    return "0x" + value.hex()


def get_block(chain: LocalChain, tag: str, full: bool = False):
    header = chain.header(tag)
    if header is None:
        return None
    block = chain.evm.get_block_by_header(header)
    return {
        "number": hex(header.block_number),
        "hash": hexed(header.hash),
        "parentHash": hexed(header.parent_hash),
        "timestamp": hex(header.timestamp),
        "gasLimit": hex(header.gas_limit),
        "gasUsed": hex(header.gas_used),
        "baseFeePerGas": hex(header.base_fee_per_gas),
        "stateRoot": hexed(header.state_root),
        "transactionsRoot": hexed(header.transaction_root),
        "receiptsRoot": hexed(header.receipt_root),
        "miner": to_checksum_address(header.coinbase),
        "mixHash": hexed(header.mix_hash),
        "extraData": hexed(header.extra_data),
        "logsBloom": hexed(header.bloom.to_bytes(256, "big")),
        "transactions": [
            transaction_body(tx, header.block_number) if full else hexed(tx.hash) for tx in block.transactions
        ],
    }


def transaction_body(transaction, block_number: int | None) -> dict:
    return {
        "hash": hexed(transaction.hash),
        "type": "0x2",
        "chainId": hex(CHAIN_ID),
        "nonce": hex(transaction.nonce),
        "from": to_checksum_address(transaction.sender),
        "to": to_checksum_address(transaction.to) if transaction.to else None,
        "value": hex(transaction.value),
        "input": hexed(transaction.data),
        "gas": hex(transaction.gas),
        "maxFeePerGas": hex(transaction.max_fee_per_gas),
        "maxPriorityFeePerGas": hex(transaction.max_priority_fee_per_gas),
        "blockNumber": None if block_number is None else hex(block_number),
    }


def get_transaction(chain: LocalChain, tx_hash: str):
    wanted = to_bytes(hexstr=tx_hash)
    number = chain.block_number_of(wanted)
    if number is None:
        waiting = chain.pool.find(wanted)
        return waiting and transaction_body(waiting, None)
    return next(tx for tx in get_block(chain, hex(number), True)["transactions"] if tx["hash"] == hexed(wanted))


def get_receipt(chain: LocalChain, tx_hash: str):
    wanted = to_bytes(hexstr=tx_hash)
    number = chain.block_number_of(wanted)
    if number is None:
        return None
    header = chain.header(hex(number))
    block = chain.evm.get_block_by_header(header)
    index = next(i for i, tx in enumerate(block.transactions) if tx.hash == wanted)
    transaction, receipt = block.transactions[index], chain.evm.get_transaction_receipt(Hash32(wanted))
    before = block.get_receipts(chain.evm.chaindb)[index - 1].gas_used if index else 0
    place = {"transactionHash": hexed(wanted), "transactionIndex": hex(index)}
    place |= {"blockHash": hexed(header.hash), "blockNumber": hex(number)}
    created = None if transaction.to else to_checksum_address(contract_address(transaction))
    return place | {
        "type": "0x2",
        "status": hex(int.from_bytes(receipt.state_root, "big")),
        "from": to_checksum_address(transaction.sender),
        "to": to_checksum_address(transaction.to) if transaction.to else None,
        "contractAddress": created,
        "gasUsed": hex(receipt.gas_used - before),
        "cumulativeGasUsed": hex(receipt.gas_used),
        "effectiveGasPrice": hex(
            min(transaction.max_fee_per_gas, header.base_fee_per_gas + transaction.max_priority_fee_per_gas)
        ),
        "logsBloom": hexed(receipt.bloom.to_bytes(256, "big")),
        "logs": [
            place
            | {
                "address": to_checksum_address(log.address),
                "topics": [hexed(topic.to_bytes(32, "big")) for topic in log.topics],
                "data": hexed(log.data),
                "logIndex": hex(i),
                "removed": False,
            }
            for i, log in enumerate(receipt.logs)
        ],
    }


def contract_address(transaction) -> bytes:
    from eth._utils.address import generate_contract_address

    return generate_contract_address(transaction.sender, transaction.nonce)


def _spoofed(chain: LocalChain, request: dict, tag: str = "latest"):
    """The call as a transaction that needs neither signature nor money."""
    sender = to_bytes(hexstr=request["from"]) if request.get("from") else chain.funded[0]
    unsigned = chain.evm.create_unsigned_transaction(
        nonce=chain.state_at(tag).get_nonce(sender),
        gas_price=0,
        gas=int(request.get("gas", hex(GAS_LIMIT)), 16),
        to=Address(to_bytes(hexstr=request["to"]) if request.get("to") else b""),
        value=int(request.get("value", "0x0"), 16),
        data=to_bytes(hexstr=request.get("input") or request.get("data") or "0x"),
    )
    return SpoofTransaction(unsigned, from_=sender)


def eth_call(chain: LocalChain, request: dict, tag: str = "latest") -> str:
    try:
        return hexed(chain.evm.get_transaction_result(_spoofed(chain, request, tag), chain.header(tag)))
    except VMError as error:
        raise reverted(error) from error


def estimate_gas(chain: LocalChain, request: dict, tag: str = "latest") -> str:
    try:
        return hex(chain.evm.estimate_gas(_spoofed(chain, request), chain.header("latest")))
    except VMError as error:
        raise reverted(error) from error


def reverted(error: VMError) -> RpcError:
    data = error.args[0] if error.args and isinstance(error.args[0], bytes) else b""
    reason = f": {decode(['string'], data[4:])[0]}" if data[:4] == ERROR_STRING else ""
    return RpcError(3, f"execution reverted{reason}", hexed(data))


def get_nonce(chain: LocalChain, address: str, tag: str = "latest") -> str:
    sender = to_bytes(hexstr=address)
    nonce = chain.state_at(tag).get_nonce(sender)
    return hex(chain.pool.pending_nonce(sender, nonce) if tag == "pending" else nonce)


def fee_history(chain: LocalChain, count: str, newest: str, percentiles: list | None = None) -> dict:
    number = chain.header(newest).block_number
    blocks = min(int(count, 16) if isinstance(count, str) else count, number + 1)
    headers = [chain.header(hex(n)) for n in range(number - blocks + 1, number + 1)]
    return {
        "oldestBlock": hex(headers[0].block_number),
        "baseFeePerGas": [*(hex(header.base_fee_per_gas) for header in headers), hex(chain.base_fee_wei())],
        "gasUsedRatio": [header.gas_used / header.gas_limit for header in headers],
        "reward": [[hex(TIP_WEI)] * len(percentiles or []) for _ in headers],
    }


def mine(chain: LocalChain, blocks: str = "0x1") -> str:
    for _ in range(int(blocks, 16)):
        chain.mine()
    return hex(chain.head.block_number)


def rewind(chain: LocalChain, number: str, forget_transactions: bool = False) -> bool:
    chain.rewind(int(number, 16), forget_transactions=forget_transactions)
    return True


def set_automine(chain: LocalChain, on: bool) -> bool:
    chain.automine = on
    return True


def set_min_tip(chain: LocalChain, wei: str) -> bool:
    chain.pool.min_tip_wei = int(wei, 16)
    return True


METHODS: dict[str, Callable[..., Any]] = {
    "web3_clientVersion": lambda chain: "ilima-local-chain/1",
    "net_version": lambda chain: str(CHAIN_ID),
    "eth_chainId": lambda chain: hex(CHAIN_ID),
    "eth_blockNumber": lambda chain: hex(chain.head.block_number),
    "eth_gasPrice": lambda chain: hex(chain.base_fee_wei() + TIP_WEI),
    "eth_maxPriorityFeePerGas": lambda chain: hex(TIP_WEI),
    "eth_feeHistory": fee_history,
    "eth_getBlockByNumber": get_block,
    "eth_getBalance": lambda chain, address, tag="latest": hex(
        chain.state_at(tag).get_balance(to_bytes(hexstr=address))
    ),
    "eth_getCode": lambda chain, address, tag="latest": hexed(chain.state_at(tag).get_code(to_bytes(hexstr=address))),
    "eth_getTransactionCount": get_nonce,
    "eth_getTransactionByHash": get_transaction,
    "eth_getTransactionReceipt": get_receipt,
    "eth_call": eth_call,
    "eth_estimateGas": estimate_gas,
    "eth_sendRawTransaction": lambda chain, raw: hexed(chain.send_raw(to_bytes(hexstr=raw))),
    # What only a test or a demo may do.
    "evm_mine": mine,
    "evm_rewind": rewind,
    "evm_setAutomine": set_automine,
    "evm_setMinTip": set_min_tip,
}
