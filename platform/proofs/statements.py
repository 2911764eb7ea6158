"""What a period says about one worker, and what else it fixes: the leaves of its two Merkle trees."""

from proofs.canonical_json import canonical_hash
from proofs.hashing import sha256_hex
from proofs.merkle import leaf_hash

STATEMENT_VERSION = "statement-1"
STATEMENT_TYPES = (
    "uint256",  # number of the period
    "bytes32",  # pseudonym: random, for this period only
    "bytes32",  # currency, ASCII, padded with zeros on the right
    "int256",  # opening_micro
    "int256",  # earned_micro
    "int256",  # paid_micro
    "int256",  # balance_micro = opening + earned - paid
    "bytes32",  # hash of the statement's lines
    "bytes32",  # salt: random; once it is destroyed nobody can link the leaf to anything
)
COMMITMENT_TYPES = ("bytes32", "bytes32")  # SHA-256 of "kind:reference", hash of the document


def build_statement(
    *, period: int, pseudonym: str, currency: str, opening_micro: int, lines: list[dict], salt: str
) -> dict:
    """A worker's period in one currency.

    lines: [{"key", "kind", "amount_micro"}], in order; what a line of kind payout... moves counts as paid, all else as
    earned (corrections are negative). pseudonym and salt: 64 hex digits each.
    """
    paid_micro = -sum(line["amount_micro"] for line in lines if is_payout(line["kind"]))
    earned_micro = sum(line["amount_micro"] for line in lines if not is_payout(line["kind"]))
    return {
        "v": STATEMENT_VERSION,
        "period": period,
        "pseudonym": pseudonym,
        "currency": currency,
        "opening_micro": opening_micro,
        "earned_micro": earned_micro,
        "paid_micro": paid_micro,
        "balance_micro": opening_micro + earned_micro - paid_micro,
        "lines_hash": lines_hash(lines),
        "salt": salt,
    }


def is_payout(kind: str) -> bool:
    """Money that leaves the wallet, or comes back because a payout failed."""
    return kind.startswith("payout")


def lines_hash(lines: list[dict]) -> str:
    return canonical_hash([[line["key"], line["kind"], line["amount_micro"]] for line in lines])


def statement_leaf(statement: dict) -> bytes:
    values = [
        statement["period"],
        statement["pseudonym"],
        currency_word(statement["currency"]),
        statement["opening_micro"],
        statement["earned_micro"],
        statement["paid_micro"],
        statement["balance_micro"],
        statement["lines_hash"],
        statement["salt"],
    ]
    return leaf_hash(STATEMENT_TYPES, values)


def commitment_leaf(kind: str, reference: str, document_hash: str) -> bytes:
    """Leaf that fixes a document: kind "offer" (reference: the batch) or "decision" (reference: the item)."""
    return leaf_hash(COMMITMENT_TYPES, [sha256_hex(f"{kind}:{reference}".encode()), document_hash])


def currency_word(currency: str) -> str:
    return currency.encode("ascii").hex().ljust(64, "0")
