"""The chain itself: blocks executed by py-evm, a pool of waiting transactions, finality some blocks deep."""

import time
from pathlib import Path
from typing import Any, cast

from eth.chains.base import MiningChain
from eth.consensus import ConsensusApplier, NoProofConsensus
from eth.constants import BLANK_ROOT_HASH, POST_MERGE_DIFFICULTY, POST_MERGE_MIX_HASH, POST_MERGE_NONCE, ZERO_ADDRESS
from eth.db.atomic import AtomicDB
from eth.exceptions import HeaderNotFound, TransactionNotFound
from eth.typing import AccountDetails
from eth.vm.forks.shanghai import ShanghaiVM
from eth_typing import Address, BlockNumber, Hash32
from eth_utils import ValidationError, keccak

from anchoring.local_chain.journal import Journal
from anchoring.local_chain.pool import Pool, PoolError

CHAIN_ID = 31337
GAS_LIMIT = 30_000_000
GENESIS_TIME_S = 1_700_000_000
FUNDS_WEI = 10**24


class LocalEvm(MiningChain):
    chain_id = CHAIN_ID
    vm_configuration = ConsensusApplier(NoProofConsensus).amend_vm_configuration(((0, ShanghaiVM),))

    def create_header_from_parent(self, parent_header, **fields):
        return super().create_header_from_parent(parent_header, **{**fields, "gas_limit": parent_header.gas_limit})


def genesis(funded: list[bytes]) -> LocalEvm:
    parameters: dict[str, Any] = {
        "coinbase": ZERO_ADDRESS,
        "difficulty": POST_MERGE_DIFFICULTY,
        "extra_data": b"",
        "gas_limit": GAS_LIMIT,
        "mix_hash": POST_MERGE_MIX_HASH,
        "nonce": POST_MERGE_NONCE,
        "receipt_root": BLANK_ROOT_HASH,
        "timestamp": GENESIS_TIME_S,
        "transaction_root": BLANK_ROOT_HASH,
    }
    account: AccountDetails = {"balance": FUNDS_WEI, "nonce": 0, "code": b"", "storage": {}}
    owners = dict.fromkeys(map(Address, funded), account)
    return cast(LocalEvm, LocalEvm.from_genesis(AtomicDB(), parameters, owners))


class LocalChain:
    """Not thread-safe: the server holds a lock. `funded` addresses own 10^24 wei each from the start."""

    def __init__(
        self, funded: list[bytes], state: Path | None = None, *, finality_blocks: int = 2, automine: bool = True
    ):
        if state:
            state.mkdir(parents=True, exist_ok=True)
        self.funded = sorted(funded)
        self.journal = Journal(state / "blocks.jsonl" if state else None)
        self.finality_blocks = finality_blocks
        self.automine = automine
        self.pool = Pool()
        self._execute_journal()

    # --- reading ------------------------------------------------------------------------------------------------
    @property
    def head(self):
        return self.evm.get_canonical_head()

    @property
    def finalized_number(self) -> int:
        return max(0, self.head.block_number - self.finality_blocks)

    def header(self, tag: str):
        """Header by tag or number in hex; None when there is no such block."""
        named = {"latest": self.head.block_number, "pending": self.head.block_number, "earliest": 0}
        named |= {"safe": self.finalized_number, "finalized": self.finalized_number}
        number = named[tag] if tag in named else int(tag, 16)
        try:
            return self.evm.get_canonical_block_header_by_number(BlockNumber(number))
        except HeaderNotFound:
            return None

    def state_at(self, tag: str = "latest"):
        header = self.header(tag)
        return self.evm.get_vm(self.evm.create_header_from_parent(header)).state

    def base_fee_wei(self) -> int:
        """Of the next block."""
        return self.evm.create_header_from_parent(self.head).base_fee_per_gas

    # --- writing ------------------------------------------------------------------------------------------------
    def send_raw(self, raw: bytes) -> bytes:
        """Take a signed EIP-1559 transaction into the pool, mine it if it can be; returns its hash.

        Raises PoolError in the words that geth uses, which senders look for.
        """
        transaction = self._decode(raw)
        if self.block_number_of(transaction.hash) is not None:
            raise PoolError("already known")
        state = self.state_at()
        if transaction.nonce < state.get_nonce(transaction.sender):
            raise PoolError("nonce too low")
        if transaction.gas * transaction.max_fee_per_gas > state.get_balance(transaction.sender):
            raise PoolError("insufficient funds for gas * price + value")
        self.pool.add(transaction, raw)
        if self.automine and self._executable():
            self.mine()
        return transaction.hash

    def mine(self, timestamp_s: int | None = None) -> None:
        """One block of all that can be executed now; empty when there is nothing."""
        timestamp_s = max(timestamp_s or int(time.time()), self.head.timestamp + 1)
        raws = [self.pool.raw(transaction) for transaction in self._executable()]
        mined = self._mine(timestamp_s, raws)
        self.journal.append(
            {"timestamp": timestamp_s, "raw": [raw.hex() for raw in mined], "hash": self.head.hash.hex()}
        )

    def tick(self) -> None:
        """What the clock does: mine while something waits or is not final yet, so that an idle chain stays short."""
        unsettled = self.journal.blocks[-self.finality_blocks :] if self.finality_blocks else []
        if self._executable() or any(block["raw"] for block in unsettled):
            self.mine()

    def rewind(self, number: int, *, forget_transactions: bool = False) -> None:
        """A re-org: blocks above `number` vanish; their transactions wait in the pool again, or are forgotten."""
        forgotten = self.journal.keep(number)
        self._execute_journal()
        for block in [] if forget_transactions else forgotten:
            for raw in map(bytes.fromhex, block["raw"]):
                self.pool.add(self._decode(raw), raw)

    # --- inside -------------------------------------------------------------------------------------------------
    def _execute_journal(self) -> None:
        self.evm = genesis(self.funded)
        for number, block in enumerate(self.journal.blocks, start=1):
            self._mine(block["timestamp"], [bytes.fromhex(raw) for raw in block["raw"]])
            if self.head.hash.hex() != block["hash"]:
                raise ValueError(
                    f"Block {number} of the journal gives another hash: its file was changed, or the funds."
                )

    def _mine(self, timestamp_s: int, raws: list[bytes]) -> list[bytes]:
        parent = self.head
        self.evm.header = self.evm.create_header_from_parent(parent)
        self.evm.set_header_timestamp(timestamp_s)
        mined = [raw for raw in raws if self._apply(raw)]
        self.evm.mine_block(coinbase=ZERO_ADDRESS, mix_hash=keccak(parent.hash))
        return mined

    def _apply(self, raw: bytes) -> bool:
        transaction = self._decode(raw)
        self.pool.remove(transaction)
        try:
            self.evm.apply_transaction(transaction)
        except ValidationError:
            return False  # dropped, as a node drops what became invalid; its sender finds no receipt and sends anew
        return True

    def _executable(self) -> list:
        return self.pool.executable(self.state_at().get_nonce, self.base_fee_wei())

    def block_number_of(self, tx_hash: bytes) -> int | None:
        try:
            return self.evm.chaindb.get_transaction_index(Hash32(tx_hash))[0]
        except TransactionNotFound:
            return None

    def _decode(self, raw: bytes):
        if raw[:1] != b"\x02":
            raise PoolError("transaction type not supported: this chain takes EIP-1559 transactions only")
        try:
            transaction = self.evm.get_vm().get_transaction_builder().decode(raw)
            transaction.validate()
        except Exception as error:  # rlp and eth-keys have error classes of their own
            raise PoolError(f"invalid transaction: {error}") from error
        if transaction.chain_id != CHAIN_ID:
            raise PoolError(f"invalid chain id for signer: have {transaction.chain_id} want {CHAIN_ID}")
        return transaction
