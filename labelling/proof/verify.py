"""Recompute a proof bundle without trusting whoever made it: no Django, no database, no network unless --rpc is given.

python -m labelling.proof.verify bundle.json [--rpc URL] [--contract ADDRESS] [--key HEX] [--known HASH] [--lines]

Exit code 0 when nothing is broken, 1 when something is, 2 when the file is no bundle.
"""

import argparse
import json
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

PLATFORM = str(Path(__file__).resolve().parents[2] / "platform")
if PLATFORM not in sys.path:
    sys.path.insert(0, PLATFORM)

from labelling.proof.bundle_checks import Claim, Finding, check, find  # noqa: E402
from proofs import header_hash, keccak256  # noqa: E402

__all__ = ["Finding", "check", "check_anchors", "main"]

SIGNS = {True: "holds ", False: "BROKEN", None: "  -   "}
TIMEOUT_S = 20


def check_anchors(bundle: dict, rpc_url: str, contract: str = "") -> Finding:
    """Ask a node of the worker's own choice what the contract says, in its latest *finalized* block.

    contract: the address to ask, known from elsewhere; without it the bundle's own is believed.
    """

    def claims(bundle: dict) -> Iterator[Claim]:
        for anchor in bundle["anchors"]:
            number, address = anchor["number"], contract or anchor["contract"]
            header = next(header for header in bundle["headers"] if header["number"] == number)
            expected = [header["statements_root"], header_hash(header)]
            found = [_read(rpc_url, address, getter, number) for getter in ("roots", "headers")]
            yield found == expected, f"The chain does not hold the header of period {number}."

    try:
        return find("anchor", claims, bundle)
    except OSError as error:
        return Finding("anchor", None, f"the node at {rpc_url} did not answer: {error}")


def _read(rpc_url: str, contract: str, getter: str, number: int) -> str:
    data = "0x" + (keccak256(f"{getter}(uint256)".encode())[:4] + number.to_bytes(32, "big")).hex()
    call = {"jsonrpc": "2.0", "id": 1, "method": "eth_call", "params": [{"to": contract, "data": data}, "finalized"]}
    request = urllib.request.Request(  # noqa: S310 - the worker names the address
        rpc_url, json.dumps(call).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=TIMEOUT_S) as reply:  # noqa: S310
        said = json.loads(reply.read())
    if not isinstance(said, dict) or "result" not in said:
        raise OSError(str(said)[:200])
    return said["result"].removeprefix("0x")


def explain(bundle: dict) -> Iterator[str]:
    """Each line of the statements with what it rests on."""
    answers = {answer["receipt"]["answer_id"]: answer for answer in bundle["answers"]}
    for one in bundle["statements"]:
        said = one["statement"]
        yield f"{said['currency']}: {said['opening_micro']} at the start"
        for line in one["lines"]:
            verb, _, answer_id = line["key"].partition(":")
            settled = answers.get(answer_id, {}).get("settlement") if verb == "settle" else None
            why = (
                f" = floor({answers[answer_id]['receipt']['bonus_micro']} x {settled['score_bps']} / 10000)"
                if settled
                else ""
            )
            yield f"  {line['amount_micro']:>+14}  {line['key']}{why}"
        earned, paid = said["earned_micro"], said["paid_micro"]
        yield f"  earned {earned}, paid {paid}, balance {said['balance_micro']}"


def arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m labelling.proof.verify", description="Recompute a proof bundle.")
    parser.add_argument("bundle", type=Path)
    parser.add_argument("--rpc", help="a node's address: ask the chain as well")
    parser.add_argument("--contract", default="", help="the contract's address, if you know it")
    parser.add_argument("--key", default="", help="the platform's public key, if you know it")
    parser.add_argument("--known", default="", help="hash of a header that you kept from before")
    parser.add_argument("--lines", action="store_true", help="show each line of pay and what it rests on")
    return parser.parse_args(argv)


def read_bundle(path: Path) -> dict:
    bundle = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(bundle, dict):
        raise ValueError("it is not a JSON object")
    return bundle


def main(argv: list[str] | None = None) -> int:
    options = arguments(argv)
    try:
        bundle = read_bundle(options.bundle)
    except (OSError, ValueError) as error:
        print(f"{options.bundle} is no bundle: {error}", file=sys.stderr)
        return 2
    findings = check(bundle, public_key=options.key, known_header=options.known)
    if options.rpc:
        findings.append(check_anchors(bundle, options.rpc, options.contract))
    broken = [finding for finding in findings if finding.holds is False]
    if options.lines and not broken:
        print("\n".join(explain(bundle)))
    for finding in findings:
        print(f"{SIGNS[finding.holds]}  {finding.name:<12} {finding.detail}")
    print(f"{len(broken)} of {len(findings)} promises are broken." if broken else "Everything that was checked holds.")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
