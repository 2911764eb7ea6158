"""docs/operations.md names every setting that is read from the environment, and none that is not; its sums are the code's."""

import re
from pathlib import Path

from server import queues, serve

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "operations.md").read_text()
TABLE = PAGE[PAGE.index("## Settings") : PAGE.index("## The proxy")]
SERVE = {"HOST", "PORT", "WEB_PROCESSES", "WEB_THREADS"}


def test_every_setting_is_there_and_no_other():
    server = ROOT / "platform" / "server"
    source = "\n".join(path.read_text() for path in (server / "settings.py", *(server / "conf").glob("*.py")))
    read = set(re.findall(r'env(?:\.\w+)?\(\s*"([A-Z0-9_]+)"', source)) | set(
        re.findall(r'environ\["([A-Z0-9_]+)"', source)
    )
    names = {
        name
        for row in TABLE.splitlines()
        if row.startswith("| `")
        for name in re.findall(r"`([A-Z0-9_]+)`", row.split("|")[1])
    }
    assert len(read) > 60  # control: the pattern finds them
    assert names == read


def test_every_process_is_there_with_its_connections():
    told = re.findall(r"^\| `(\w+)` \| ", PAGE[: PAGE.index("## Settings")], re.M)
    assert tuple(told) == serve.KINDS
    said = PAGE[PAGE.index("Connections to PostgreSQL") : PAGE.index("## Settings")].replace("\n", " ")
    for kind in queues.KINDS:
        assert f"{serve.connections(kind.name, {})} for each `{kind.name}`" in said, kind.name
    assert f"One of each is {sum(serve.connections(kind, {}) for kind in serve.KINDS) + 3}" in said
    assert set(re.findall(r"`([A-Z_]+)` \(", PAGE[: PAGE.index("Connections")])) == SERVE
