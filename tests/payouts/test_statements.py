"""A month's statement: who paid, what for, what was hers afterwards; as CSV and as a PDF that any reader opens."""

import csv
import io
import re
import zlib
from dataclasses import replace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from delivery import outbox
from kernel.pdf import Document, can_write
from labelling.work.accept_answers import accept_answers
from labelling.work.draw_work import draw_work
from ledger import clock
from payouts.statement_files import _rows
from payouts.statements import Line
from tests.worlds import answer_to, make_worker, opened, sentiment_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return opened(sentiment_world(items=30, workers=1, min_answers=1, max_answers=1))


def work(world, n: int) -> None:
    worker = world.workers[0]
    accept_answers(worker, [answer_to(one, {"label": "good"}) for one in draw_work(worker, world.batch, n)])
    while outbox.drain():
        continue


def get(worker, kind: str, month: str = ""):
    client = Client()
    client.force_login(worker.person)
    return client.get(f"/api/v1/wallet/statements/{month or clock.today().strftime('%Y-%m')}", {"as": kind})


def rows_of(worker) -> list[dict]:
    return list(csv.DictReader(io.StringIO(get(worker, "csv").getvalue().decode("utf-8-sig"))))


def words_of(pdf: bytes) -> str:
    streams = re.findall(rb"stream\n(.*?)\nendstream", pdf, re.S)
    return "\n".join(re.findall(r"\((.*)\) Tj", "\n".join(zlib.decompress(one).decode("cp1252") for one in streams)))


def test_each_line_names_its_payer_and_its_project(world):
    work(world, 3)
    rows = rows_of(world.workers[0])
    assert {(row["payer"], row["project"]) for row in rows} == {("Acme", "Good or bad")}
    assert sum(row["kind"] == "earn" for row in rows) == 3
    assert rows[-1]["amount"].startswith("0.00") or rows[-1]["amount"].startswith("0.01")
    text = words_of(get(world.workers[0], "pdf").getvalue())
    assert "Acme" in text
    assert "Tasks done: Good or bad" in text


def test_it_is_said_in_her_language_and_what_helvetica_cannot_write_is_left_to_the_csv(world):
    world.organisation.name = "شركة"
    world.organisation.save()
    person = world.workers[0].person
    person.language = "zu"
    person.save()
    work(world, 2)
    text = words_of(get(world.workers[0], "pdf").getvalue())
    assert "Isitatimende" in text
    assert "bheka i-CSV" in text.replace("\n", " ")
    assert rows_of(world.workers[0])[0]["payer"] == "شركة"
    person.language = "zh-Hant"
    person.save()
    assert "Statement of" in words_of(get(world.workers[0], "pdf").getvalue()), (
        "no letters for hers: English, not question marks"
    )


def test_a_title_that_a_spreadsheet_would_run_is_text(world):
    world.project.title = "=HYPERLINK(1)"
    world.project.save()
    work(world, 1)
    assert rows_of(world.workers[0])[0]["project"] == "'=HYPERLINK(1)"


def test_it_costs_the_same_statements_however_much_she_did(world):
    counts = []
    for n in (1, 12):
        work(world, n)
        with CaptureQueriesContext(connection) as seen:
            get(world.workers[0], "csv").getvalue()
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_of_a_day_what_came_in_stands_before_what_went_out(world):
    """The rows of the PDF are sums of a day; what was hers after each is never below zero."""
    at, moved = clock.now(), (("settle", 500_000), ("payout requested", -480_000), ("earn", 10_000))
    lines = [Line(at, kind, "k", micro, 0, "", "") for kind, micro in moved]
    lines[0] = replace(lines[0], balance_micro=500_000)
    rows = _rows(lines)
    assert [row[1] for row in rows] == ["Tasks done", "Bonus for good work", "Paid out"]
    assert [row[-1] for row in rows] == ["0.010000", "0.510000", "0.030000"]


@pytest.mark.parametrize("month", ["2020-01", "soon", "2026-13", "%00", "٢٠٢٦-١١"])
def test_a_month_in_which_nothing_moved_has_none(world, month):
    work(world, 1)
    refused = get(world.workers[0], "csv", month)
    assert (refused.status_code, refused.json()["error"]["code"]) == (404, "no_statement")
    assert get(make_worker("idle"), "pdf").status_code == 404


def test_the_file_is_a_pdf_with_every_object_where_its_table_says():
    page = Document("Statement", "zu")
    page.line("a (b) \\ c")
    page.table(("Day", "Amount"), [(f"{n}", "1.00") for n in range(200)], (200, 100), {1})
    made = page.bytes()
    places = [int(one) for one in re.findall(rb"^(\d{10}) 00000 n ", made, re.M)]
    assert [made[place:].split(b" ")[0] for place in places] == [str(n).encode() for n in range(1, len(places) + 1)]
    assert made[int(re.search(rb"startxref\n(\d+)", made)[1]) :].startswith(b"xref")
    assert made.count(b"/Type /Page ") == int(re.search(rb"/Count (\d+)", made)[1]) > 3
    assert words_of(made).count("Day") == made.count(b"/Type /Page "), "each page has the heading of the table"
    assert (can_write("Umsebenzi wé"), can_write("عمل")) == (True, False)
