"""docs/architecture.md names what exists: each function of the route, each event, each address of the API."""

import re
from pathlib import Path

from api.urls import urlpatterns

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("platform", "labelling", "consensus", "ml_assist")
PAGE = (ROOT / "docs/architecture.md").read_text()
ROUTE, EVENTS, REST = (
    PAGE[PAGE.index(begin) : PAGE.index(end)]
    for begin, end in (
        ("## The route", "## Contracts"),
        ("**Events**", "**Task types**"),
        ("- `GET /work/batches`", "- sign-in"),
    )
)


def files_of(name: str) -> list[Path]:
    return [
        path for root in (ROOT, ROOT / "platform") for path in root.glob(name.replace("<type>", "*")) if path.is_file()
    ]


def test_every_function_on_the_route_stands_where_the_page_says():
    steps = re.findall(r"`([\w/<>]+\.(?:py|ts)): (\w+)(?:\(\))?`", ROUTE)
    rows = [row for row in ROUTE.splitlines() if row.startswith("| ")]
    assert len(steps) >= len(rows) - 1 > 10  # every row but the heading names at least one
    for name, function in steps:
        files = files_of(name)
        assert files, name
        for file in files:
            defined = rf"^(?:export )?(?:async )?(?:def|function|class) {function}\b"
            taken = rf"^(?:\w+, )*{function}(?:, \w+)* = "  # from what several share
            assert re.search(f"{defined}|{taken}", file.read_text(), re.M), (file, function)


def test_the_events_of_the_page_are_the_ones_that_are_emitted():
    sources = [path.read_text() for room in ROOMS for path in (ROOT / room).rglob("*.py")]
    calls = (
        r"emit(?:_many)?\(\s*\"([a-z_.]+)\"",
        r"(?:THEN|ELSE) '([a-z]+\.[a-z]+)'",
    )  # accept_answers emits in its one statement
    emitted = {name for text in sources for call in calls for name in re.findall(call, text)}
    told = set(re.findall(r"`([a-z]+\.[a-z|]+) \{", EVENTS))
    by_state = {"payout.paid|failed|reversed", "deposit.paid|failed|reversed"}  # named by record_outcome
    assert told - by_state == emitted
    assert by_state <= told


def test_the_addresses_of_the_page_are_the_ones_of_the_api():
    served = {"/" + re.sub(r"<[^>]+>", "{id}", str(url.pattern)) for url in urlpatterns}
    told = set(re.findall(r"`(?:[A-Z]+ )?(/[a-z{}/-]+)", REST))
    assert told == served
