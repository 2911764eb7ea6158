"""The committed bundle and its 400 changes: the browser's verifier is held to the same file (worker_app/src/verify)."""

import json
from pathlib import Path

import pytest

from labelling.proof.integer_rule import confidence_ppm, decide
from labelling.proof.verify import check
from tests.chain.changes import apply

VECTORS = json.loads((Path(__file__).parent / "vectors" / "bundles.json").read_text())

RULE = json.loads((Path(__file__).parent.parent / "core" / "vectors" / "integer_rule.json").read_text())


def said_of(bundle: dict) -> list[list]:
    return [[finding.name, finding.holds, finding.detail] for finding in check(bundle)]


def test_the_committed_bundle_holds():
    assert said_of(VECTORS["bundle"]) == VECTORS["findings"]
    assert {holds for _, holds, _ in VECTORS["findings"]} == {True}


def test_every_change_is_found_out_in_the_same_words():
    unchanged = 0
    for case in VECTORS["cases"]:
        changed = apply(VECTORS["bundle"], case["change"])
        if case["signature"] is not None:
            changed["signature"] = case["signature"]
        unchanged += changed == VECTORS["bundle"]
        assert [finding for finding in said_of(changed) if finding[1] is not True] == case["not_true"], case["change"]
    assert len(VECTORS["cases"]) == 400
    assert unchanged < 20


def test_changes_that_pass_are_those_that_bind_nothing():
    """Signed anew by the platform: the order of decisions and golds, and a last header that nobody kept or asked the chain for."""
    for case in VECTORS["cases"]:
        changed = apply(VECTORS["bundle"], case["change"]) | {"signature": case["signature"]}
        passes = all(holds is not False for _, holds, _ in case["not_true"])
        if passes and changed != VECTORS["bundle"]:
            how, path, _ = case["change"]
            assert path[0] == "headers" or (how == "swap" and path[0] in ("decisions", "golds")), case["change"]


@pytest.mark.parametrize("case", RULE["cases"], ids=lambda case: case["name"])
def test_the_decision_is_that_of_consensus_core(case):
    labels = [str(code) for code in range(len(case["prior"]))]
    votes = [{"weights": case["tables"][worker][answer]} for worker, answer in case["votes"]]
    inputs = {"labels": labels, "prior": case["prior"], "votes": votes, "softening": case["softening"]}
    assert (decide(inputs), confidence_ppm(inputs)) == (str(case["decision"]), case["confidence_ppm"])
