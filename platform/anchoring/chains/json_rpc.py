"""Any Ethereum-like chain behind JSON-RPC, through web3."""

from collections.abc import Callable
from typing import cast

from eth_typing import BlockIdentifier, HexStr
from eth_utils import to_checksum_address
from requests.exceptions import RequestException
from web3 import HTTPProvider, Web3
from web3.exceptions import TransactionNotFound, Web3Exception

from anchoring.chains.base import ChainError, Receipt

TIMEOUT_S = 10
# Words in which nodes say that they have this transaction, that it is mined, or that a dearer one holds its nonce:
# repeating is no mistake, and what came of it is seen in the receipts.
KNOWN = ("already known", "already imported", "alreadyknown", "nonce too low", "replacement transaction underpriced")


class JsonRpcChain:
    def __init__(self, url: str):
        self.url = url
        self._eth = Web3(
            HTTPProvider(url, request_kwargs={"timeout": TIMEOUT_S}, exception_retry_configuration=None)
        ).eth

    def chain_id(self) -> int:
        return self._ask("chain id", lambda: self._eth.chain_id)

    def nonce(self, address: str, tag: str = "latest") -> int:
        return self._ask(
            "nonce", lambda: self._eth.get_transaction_count(to_checksum_address(address), cast(BlockIdentifier, tag))
        )

    def fees(self) -> tuple[int, int]:
        base_fee_wei = self._ask("base fee", lambda: self._eth.get_block("latest")["baseFeePerGas"])
        tip_wei = self._ask("tip", lambda: self._eth.max_priority_fee)
        return 2 * base_fee_wei + tip_wei, tip_wei

    def send_raw(self, raw: bytes) -> None:
        try:
            self._ask("send", lambda: self._eth.send_raw_transaction(raw))
        except ChainError as error:
            if not any(words in str(error).lower() for words in KNOWN):
                raise

    def receipt(self, tx_hash: str) -> Receipt | None:
        try:
            found = self._ask("receipt", lambda: self._eth.get_transaction_receipt(HexStr(tx_hash)))
        except TransactionNotFound:
            return None
        return Receipt(tx_hash, found["blockNumber"], found["blockHash"].to_0x_hex(), found["status"] == 1)

    def finalized_number(self) -> int:
        return self._ask("finalized block", lambda: self._eth.get_block("finalized")["number"])

    def block_hash(self, number: int) -> str:
        return self._ask("block", lambda: self._eth.get_block(number)["hash"].to_0x_hex())

    def call(self, contract: str, data: str) -> bytes:
        return bytes(
            self._ask("call", lambda: self._eth.call({"to": to_checksum_address(contract), "data": HexStr(data)}))
        )

    def _ask(self, what: str, question: Callable):
        try:
            return question()
        except TransactionNotFound:
            raise
        except (Web3Exception, RequestException, ValueError) as error:
            raise ChainError(f"The chain at {self.url} did not answer ({what}): {error}") from error
