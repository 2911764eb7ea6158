"""Make tests/chain/vectors/bundles.json: a real bundle, ways to change it, and what the verifier must say of each.

python -m pytest tests/chain/make_bundle_vectors.py        (run by hand when the format or a check changes)

The Python and the browser verifier are both held to the file. A change is [operation, path, value].
"""

import json
from pathlib import Path

import pytest

from labelling.proof.verify import check
from proofs import sign_receipt
from tests.chain.bundles import bundle_of, lived_in_world
from tests.chain.changes import apply, changes

pytestmark = pytest.mark.django_db(transaction=True)
PATH = Path(__file__).parent / "vectors" / "bundles.json"
COUNT = 400


def said_of(bundle: dict) -> list[list]:
    return [[finding.name, finding.holds, finding.detail] for finding in check(bundle)]


def test_write_vectors():
    bundle = bundle_of(lived_in_world(), place=1)
    cases = []
    for what in changes(bundle, COUNT, seed=5):
        changed = apply(bundle, what)
        if what[1][0] not in ("signature", "public_key") and len(cases) % 2:
            # Every other one signed anew, so that the checks behind the signature are what is compared.
            changed["signature"] = sign_receipt({k: v for k, v in changed.items() if k != "signature"})
        broken = [finding for finding in said_of(changed) if finding[1] is not True]
        cases.append({"change": what, "signature": changed.get("signature"), "not_true": broken})
    whole = {"bundle": bundle, "findings": said_of(bundle), "cases": cases}
    PATH.write_text(
        json.dumps(whole, ensure_ascii=False, separators=(",", ":")).replace('{"change"', '\n{"change"') + "\n"
    )
