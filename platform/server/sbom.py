"""docs/sbom.cdx.json: every component that production runs, as CycloneDX 1.6 has it. `python -m server.sbom`, by `./run lock`.

From the locked lists alone, so that it says what is installed, and the same each time.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BILL = ROOT / "docs" / "sbom.cdx.json"
_PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", re.MULTILINE)


def bill() -> dict:
    components = [*_of_python(), *_of_the_phone()]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {"type": "application", "name": "ilima", "bom-ref": "ilima"}},
        "components": sorted(components, key=lambda one: one["purl"]),
    }


def _of_python() -> list[dict]:
    pins = _PIN.findall((ROOT / "requirements.txt").read_text(encoding="utf-8"))
    return [_component(name.lower().replace("_", "-"), version, "pypi") for name, version in pins]


def _of_the_phone() -> list[dict]:
    """What is built into the phone's app; its tools are not sent to anybody."""
    locked = json.loads((ROOT / "worker_app" / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    sent = {path: one for path, one in locked.items() if path and not one.get("dev")}
    return [_component(path.rpartition("node_modules/")[2], one["version"], "npm") for path, one in sent.items()]


def _component(name: str, version: str, kind: str) -> dict:
    return {
        "type": "library",
        "name": name,
        "version": version,
        "purl": f"pkg:{kind}/{name.replace('@', '%40')}@{version}",
    }


def text() -> str:
    return json.dumps(bill(), indent=1) + "\n"


if __name__ == "__main__":
    BILL.write_text(text(), encoding="utf-8")
