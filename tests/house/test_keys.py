"""A key of the keyboard is listened to in one place on the phone (worker_app/src/app/keys.ts): what belongs to the browser, and what
lies behind an open sheet, is known there."""

from __future__ import annotations

import re

from tests.house.sources import ROOT

KEYS = ROOT / "worker_app/src/app/keys.ts"
LISTENS = re.compile(r"""addEventListener\(\s*["']key(?:down|press|up)["']""")


def test_keys_are_heard_by_the_one_hook():
    sources = [
        *(ROOT / "worker_app/src").rglob("*.ts*"),
        *(ROOT / "labelling/task_types").glob("*/phone/*.ts*"),
    ]
    hears = [path for path in sources if LISTENS.search(path.read_text(encoding="utf-8"))]
    assert [str(path.relative_to(ROOT)) for path in hears if path != KEYS] == [], "useKeys of @app/app/keys hears them"
    assert KEYS in hears  # control: the one place is found
