"""Who listens: data by country with their sources, own country first, at Me and where she reports what is harmful."""

import json
import os
import re
from pathlib import Path

import phonenumbers
import pytest
from playwright.sync_api import expect

from tests.phone.browser import CHROMIUM, begin, phone, sign_in
from tests.phone.layout import problems_of
from tests.phone.test_tasks import PASSWORD, allow_in
from tests.worlds import opened, sentiment_world

DATA = Path(__file__).resolve().parents[2] / "worker_app/src/screens/help/help_lines.json"
LINES = json.loads(DATA.read_text())
MARKS = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM, reason="needs Chromium"),
]


def on_a_phone(test):
    for mark in MARKS:
        test = mark(test)
    return test


def test_each_line_is_of_a_country_and_says_where_it_is_from():
    assert set(LINES) <= set(phonenumbers.SUPPORTED_REGIONS)
    assert list(LINES) == sorted(LINES)
    for country, lines in LINES.items():
        assert lines, country
        for line in lines:
            assert set(line) == {"name", "number", "source"}
            assert re.fullmatch(r"https://[\w.-]+(/[\w/-]*)?", line["source"]), line
            assert re.fullmatch(r"\+?\d[\d ]+", line["number"]), line


def test_numbers_are_such_as_her_country_has():
    """Short ones as the country gives out, long ones of a possible length there."""
    for country, lines in LINES.items():
        for line in lines:
            number = phonenumbers.parse(line["number"], country)
            assert phonenumbers.is_possible_short_number_for_region(number, country) or phonenumbers.is_valid_number(
                number
            ), line


@on_a_phone
@pytest.mark.parametrize(
    ("country", "first", "language"), [("ZA", "SADAG", "zu"), ("KE", "Befrienders", "sw"), ("MZ", "", "pt")]
)
def test_own_country_first_at_me(live_server, country, first, language):
    world = allow_in(opened(sentiment_world(items=2, workers=1)))
    worker = world.workers[0]
    worker.country = country
    worker.save(update_fields=["country"])
    with phone() as context:
        page = context.new_page()
        sign_in(page, live_server.url, worker.person.email, PASSWORD, language)
        page.get_by_test_id("nav-me").click()
        card = page.get_by_test_id("help-lines")
        expect(card.get_by_test_id("help-everywhere")).to_be_visible()
        if first:
            line = card.get_by_test_id("help-line").first
            expect(line).to_contain_text(first)
            assert re.fullmatch(r"tel:\+?\d+", line.get_attribute("href"))
        card.locator("summary").click()
        expect(card.get_by_test_id("help-BR")).to_be_visible()
        expect(card.get_by_test_id(f"help-{country}")).to_have_count(0)
        if "LOOK" in os.environ:
            card.scroll_into_view_if_needed()
            page.screenshot(path=f"{os.environ['LOOK']}/help-{language}.png")


@on_a_phone
def test_where_she_reports_what_is_harmful(live_server):
    world = allow_in(opened(sentiment_world(items=2, workers=1)))
    worker = world.workers[0]
    worker.country = "ZA"
    worker.save(update_fields=["country"])
    with phone(viewport={"width": 320, "height": 568}) as context:
        page = context.new_page()
        sign_in(page, live_server.url, worker.person.email, PASSWORD)
        page.goto(f"{live_server.url}/app/#/task/{world.batch.pk}")
        begin(page)
        page.get_by_test_id("more").click()
        page.get_by_test_id("report").click()
        expect(page.get_by_test_id("help-lines")).to_have_count(0)
        page.get_by_test_id("reason-offensive").click()
        expect(page.get_by_test_id("help-line").first).to_contain_text("0800 567 567")
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert problems_of(page) == []
        if "LOOK" in os.environ:
            page.screenshot(path=f"{os.environ['LOOK']}/help-report.png")
