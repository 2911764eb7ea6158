"""The examples in the documents on consensus run as they stand."""

import re
import warnings
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
BLOCK = re.compile(r"```python\n(.*?)```", re.DOTALL)


@pytest.mark.parametrize("name", ["consensus.md", "consensus_regions.md"])
def test_examples_run(name, capsys):
    blocks = BLOCK.findall((DOCS / name).read_text())
    assert blocks
    known = {}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for block in blocks:
            exec(compile(block, name, "exec"), known)
    assert "photo-1" in capsys.readouterr().out
    if name == "consensus.md":
        assert known["votes"].labels[known["result"].labels].tolist() == ["cat", "dog", "cat"]
        assert known["decided"].labels.tolist()[0] == 0
        assert known["table"].item_ids[known["ranking"].order[0]] == "a"


def test_the_readme_of_the_library_runs():
    blocks, known = BLOCK.findall((ROOT / "consensus/core/README.md").read_text()), {}
    assert len(blocks) >= 9
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for block in blocks:
            exec(compile(block, "consensus/core/README.md", "exec"), known)
