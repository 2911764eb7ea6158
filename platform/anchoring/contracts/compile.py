"""Compile Anchor.vy into Anchor.json, which is committed: only those who change the contract need Vyper.

python -m anchoring.contracts.compile
"""

import json
from pathlib import Path

HERE = Path(__file__).parent


def compiled() -> dict:
    import vyper

    source = (HERE / "Anchor.vy").read_text()
    out = vyper.compile_code(source, output_formats=["abi", "bytecode"])
    return {"compiler": f"vyper {vyper.__version__.split('+')[0]}", "abi": out["abi"], "bytecode": out["bytecode"]}


if __name__ == "__main__":
    (HERE / "Anchor.json").write_text(json.dumps(compiled(), indent=1) + "\n")
