"""docs/sbom.cdx.json lists what is locked, nothing else and nothing less; it is written by `./run lock`."""

import re
from pathlib import Path

from server import sbom

ROOT = Path(__file__).resolve().parents[2]


def test_the_bill_of_materials_is_what_is_locked():
    assert sbom.BILL.read_text(encoding="utf-8") == sbom.text(), "run python -m server.sbom"
    found = {one["purl"] for one in sbom.bill()["components"]}
    pinned = [line for line in (ROOT / "requirements.txt").read_text().splitlines() if re.match(r"[a-z0-9]", line)]
    listed = {one.partition("/")[2].partition("@")[0] for one in found if one.startswith("pkg:pypi/")}
    assert listed == {line.split("==")[0].partition("[")[0] for line in pinned}
    assert any(one.startswith("pkg:pypi/django@") for one in found)
    assert any(one.startswith("pkg:npm/preact@") for one in found)


def test_the_demos_chain_is_no_part_of_production():
    """py-evm is a beta with a tree of its own: a demo's chain alone needs it."""
    assert not any("/py-evm@" in one["purl"] for one in sbom.bill()["components"])
