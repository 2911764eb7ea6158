"""The chain of period headers: each names the hash of the one before, so history can only grow."""

from proofs.canonical_json import canonical_hash

HEADER_VERSION = "header-1"
GENESIS = "00" * 32
EMPTY_ROOT = "00" * 32


def build_header(
    *,
    number: int,
    day: str,
    prev: str,
    statements_root: str,
    statement_count: int,
    commitments_root: str,
    commitment_count: int,
    ledger_head: str,
) -> dict:
    """Header of period `number` (0, 1, 2 ...). `day` is ISO; hashes are 64 hex digits, EMPTY_ROOT for a tree without leaves.

    ledger_head: the newest hash of the ledger's own chain (ledger/hash_chain.py): whoever kept the header can tell whether
    the ledger's past was changed.
    """
    return {
        "v": HEADER_VERSION,
        "number": number,
        "day": day,
        "prev": prev,
        "statements_root": statements_root,
        "statement_count": statement_count,
        "commitments_root": commitments_root,
        "commitment_count": commitment_count,
        "ledger_head": ledger_head,
    }


def header_hash(header: dict) -> str:
    return canonical_hash(header)


def check_headers(headers: list[dict], *, prev: str | None = None) -> list[str]:
    """What is wrong with a run of headers, as sentences; empty when each follows the one before.

    `prev` is the hash that the first one must name (GENESIS for period 0 is implied).
    """
    wrong = []
    for i, header in enumerate(headers):
        number = header["number"]
        if i and number != headers[i - 1]["number"] + 1:
            wrong.append(f"Header {number} follows header {headers[i - 1]['number']}: numbers must grow by one.")
        if number == 0 and header["prev"] != GENESIS:
            wrong.append("Header 0 must follow the genesis hash.")
        expected = header_hash(headers[i - 1]) if i else prev
        if expected is not None and header["prev"] != expected:
            wrong.append(f"Header {number} names {header['prev'][:12]}… as the one before; it is {expected[:12]}….")
    return wrong
