"""A month's statement: who paid, what for, what was hers afterwards; as CSV and as a PDF that any reader opens."""

import csv
import io
from dataclasses import replace

import pypdfium2
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from delivery import outbox
from kernel.letters import can_write, font_of
from kernel.pdf import Document
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


def pages_of(pdf: bytes) -> list[str]:
    read = pypdfium2.PdfDocument(pdf)
    return [page.get_textpage().get_text_bounded() for page in read]


def words_of(pdf: bytes) -> str:
    return "\n".join(pages_of(pdf))


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
    assert "結單" in words_of(get(world.workers[0], "pdf").getvalue())


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


def test_a_long_table_goes_on_under_its_heading_and_figures_end_where_their_heading_does():
    page = Document("Statement", "zu")
    page.line("a (b) \\ <c> & d")
    page.table(("Day", "Amount"), [(f"{n}", "1.00") for n in range(200)], (200, 100), {1})
    made = page.bytes()
    pages = pages_of(made)
    assert len(pages) > 3
    assert all("Day" in one for one in pages)
    assert "a(b)\\<c>&d" in "".join(pages[0].split())
    assert made == page.bytes()
    assert b"/Lang (zu)" in made
    words = pypdfium2.PdfDocument(made)[0].get_textpage()
    ends = [words.get_charbox(words.get_text_range().index(end) + len(end) - 1)[2] for end in ("Amount", "1.00")]
    assert ends[0] == pytest.approx(ends[1], abs=1)


def test_each_script_has_a_font_that_writes_all_of_it():
    assert [font_of(text) for text in ("Umsebenzi wé", "今日的工作", "这项工作", "働く", "오늘의 일")] == [
        "Helvetica", "MSung-Light", "STSong-Light", "STSong-Light", "HYSMyeongJo-Medium",
    ]  # fmt: skip
    assert [can_write(text) for text in ("عمل", "ñ 今")] == [False, False]
