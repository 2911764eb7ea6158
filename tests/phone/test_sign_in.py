"""Joining and signing in on a phone: by a number and the code sent to it, by e-mail, and with a passkey, all for real."""

import re

import pytest
from django.conf import settings as configured
from django.core import mail
from django.core.cache import cache
from playwright.sync_api import expect

from labelling.projects.edit_project import edit_project
from people.actions.become_worker import become_worker
from people.models import AuditEntry, Person
from tests.phone.browser import CHROMIUM, phone
from tests.worlds import opened, sentiment_world, team_of

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM, reason="needs Chromium"),
]

NUMBER = "+27821234567"
AUTHENTICATOR = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


@pytest.fixture(autouse=True)
def _own_messages(tmp_path, settings):
    settings.DATA_DIR = tmp_path
    cache.clear()
    yield
    cache.clear()


def texted_code() -> str:
    lines = (configured.DATA_DIR / "sms" / f"{NUMBER[1:]}.txt").read_text().splitlines()
    return lines[-1].split()[0]


def mailed_code() -> str:
    return re.search(r"^\s*([A-Z0-9-]{6,})\s*$", mail.outbox[-1].body, re.MULTILINE)[1]


def first_screen(page, url: str, language: str = "en", path: str = "") -> None:
    page.goto(f"{url}/app/{path}")
    page.get_by_test_id(f"language-{language}").click()
    page.get_by_test_id("sign-in").wait_for()


def send(page, text: str, field: str = "who") -> None:
    page.get_by_test_id(field).fill(text)
    page.get_by_test_id("sign-in-send").click()


def sign_out(page, url: str) -> None:
    page.goto(f"{url}/app/#/me")
    page.get_by_test_id("sign-out").click()
    page.get_by_test_id("sign-in").wait_for()


def begin(page) -> None:
    """What is kept, who sees it, where she lives (known from her number), what she reads (her language is chosen already)."""
    page.get_by_test_id("begin").wait_for()
    page.get_by_test_id("reads-xh").click()
    assert page.get_by_test_id("begin-go").is_disabled(), "not before she has said that she is of age and agrees"
    page.get_by_test_id("begin-adult").check()
    page.get_by_test_id("begin-go").click()


def test_she_joins_by_her_number_in_her_language_and_comes_back_with_a_code(live_server):
    url = live_server.url
    with phone() as context:
        page = context.new_page()
        first_screen(page, url, "zu")
        page.get_by_test_id("join").click()
        send(page, "082 123 4567")
        page.get_by_test_id("code").wait_for()
        assert not Person.objects.filter(phone_verified=True).exists()
        send(page, "WRONG-CODE", "code")
        page.get_by_role("alert").wait_for()
        send(page, texted_code().lower(), "code")
        begin(page)
        page.get_by_test_id("work").wait_for()
        person = Person.objects.get(phone=NUMBER)
        assert (person.phone_verified, person.language, person.worker.pseudonym[0]) == (True, "zu", "w")
        assert (person.worker.country, person.worker.reads) == ("ZA", ["xh", "zu"])
        agreed = AuditEntry.objects.get(action="people.agree_to_terms")
        assert (person.terms_version, agreed.detail["version"]) == (configured.TERMS_VERSION, configured.TERMS_VERSION)

        sign_out(page, url)
        send(page, NUMBER)
        page.get_by_test_id("code").wait_for()
        send(page, texted_code(), "code")
        page.get_by_test_id("work").wait_for()
    assert Person.objects.count() == 1


def test_she_joins_by_e_mail_with_the_mailed_code_and_comes_to_the_team_whose_link_she_was_sent(live_server):
    world = opened(sentiment_world(items=2, workers=0))
    team, _, secret = team_of(world)
    edit_project(world.requester, world.project, asks_team=team.pk)
    with phone() as context:
        page = context.new_page()
        first_screen(page, live_server.url, path=f"#/team/{secret}")
        page.get_by_test_id("join").click()
        send(page, "lindiwe@example.org")
        page.get_by_test_id("code").wait_for()
        send(page, mailed_code(), "code")
        page.get_by_test_id("begin-country").select_option("KE")
        begin(page)
        expect(page.get_by_test_id("team-of")).to_contain_text("Acme asks you into this team")
        page.get_by_test_id("team-join").click()
        page.get_by_test_id("team-work").click()
        page.get_by_test_id("work").wait_for()
        page.get_by_text("Good or bad").first.wait_for()
        page.goto(f"{live_server.url}/app/#/teams")
        page.get_by_test_id("team-leave").click()
        page.get_by_text("You have left the team.").first.wait_for()
    member = team.members.get()
    assert member.worker.person.emailaddress_set.get().verified
    assert member.left_at is not None


def test_a_passkey_made_on_the_phone_opens_it_without_a_code(live_server):
    url = live_server.url
    become_worker(Person.objects.create_user(phone=NUMBER, phone_verified=True, terms_version=configured.TERMS_VERSION))
    with phone() as context:
        page = context.new_page()
        keys = context.new_cdp_session(page)
        keys.send("WebAuthn.enable")
        keys.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
        first_screen(page, url)
        send(page, NUMBER)
        page.get_by_test_id("code").wait_for()
        send(page, texted_code(), "code")
        page.get_by_test_id("work").wait_for()
        page.goto(f"{url}/app/#/me")
        with page.expect_response(re.compile("authenticators/webauthn$")) as added:
            page.get_by_test_id("add-passkey").click()
        assert added.value.ok
        sign_out(page, url)
        messages = texted_code()
        page.get_by_test_id("passkey").click()
        page.get_by_test_id("work").wait_for()
        assert texted_code() == messages  # nothing was sent
    assert Person.objects.get().authenticator_set.filter(type="webauthn").count() == 1
