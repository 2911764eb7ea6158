"""The console in a real Chromium: uploads, hostile text, passkeys, keyboard, no overflow on a phone."""

import os
import re

import pytest
from django.conf import settings
from django.core import mail
from django.core.files.storage import default_storage
from django.test import Client

from labelling.data.import_upload import import_upload
from labelling.models import Item, Project, Upload
from people.models import Person
from tests.chromium import CHROMIUM, chromium
from tests.formats.worlds import picture
from tests.security.test_hostile_text import hostile_world, pages_of
from tests.worlds import opened, sentiment_world

PHONE, DESK = {"width": 360, "height": 640}, {"width": 1440, "height": 900}
pytestmark = [
    pytest.mark.slow,
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine: install the package chromium"),
]


# Short words of tables that stand on two lines, as "peopl / e" did.
TORN = """() => [...document.querySelectorAll("th, td")].flatMap((cell) => {
  const torn = [], texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
  const whole = /(?<![\\p{L}\\d])[\\p{L}\\d]{2,12}(?![\\p{L}\\d])/gu;
  for (let text = texts.nextNode(); text; text = texts.nextNode())
    for (const word of text.parentElement.closest("code, pre, .mono") ? [] : text.data.matchAll(whole)) {
      const range = new Range();
      range.setStart(text, word.index), range.setEnd(text, word.index + word[0].length);
      const lines = new Set([...range.getClientRects()].map((one) => Math.round(one.top)));
      if (lines.size > 1) torn.push(word[0]);
    }
  return torn;
})"""


@pytest.fixture(scope="module")
def browser():
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright's loop runs in this thread; nothing here is async
    with chromium() as running:
        yield running
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def open_as(browser, live_server):
    """open_as(person, viewport) -> a page that is signed in, with `complaints` of the browser."""
    contexts = []

    def opened_page(person: Person | None, viewport=DESK):
        context = browser.new_context(viewport=viewport, base_url=live_server.url)
        contexts.append(context)
        if person:
            client = Client()
            client.force_login(person)
            value = client.cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])
        page = context.new_page()
        page.complaints = []
        page.on("console", lambda message: page.complaints.append(message.text) if message.type == "error" else None)
        page.on("response", lambda r: page.complaints.append(f"{r.status} {r.url}") if r.status >= 400 else None)
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        return page

    yield opened_page
    for context in contexts:
        context.close()


def whole_pages(world) -> list[str]:
    """Without the figures that htmx puts in place: they are a part of a page, which is tried with them."""
    return [address for address in pages_of(world) if not address.endswith("/progress/")]


def test_hostile_text_runs_nowhere(open_as):
    world = hostile_world()
    page = open_as(world.requester)
    page.add_init_script("window.hits = 0; window.hit = () => { window.hits += 1; }")
    for address in whole_pages(world):
        page.goto(address)
        page.wait_for_load_state("networkidle")
        assert page.evaluate("window.hits") == 0, address
    assert page.complaints == []


def test_every_page_fits_a_small_phone_without_a_complaint(open_as):
    world = opened(sentiment_world(items=3, golds=1))
    page = open_as(world.requester, PHONE)
    for address in [
        "/",
        *whole_pages(world),
        "/console/account/",
        "/accounts/email/",
        "/accounts/phone/change/",
        "/accounts/2fa/",
    ]:
        page.goto(address)
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, f"{address} is {wide} px too wide"
        for width in (360, 768, 1440):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate(TORN) == [], f"{address} at {width} px"
        page.set_viewport_size(PHONE)
    assert page.complaints == []


def test_files_are_sent_with_progress_and_show_in_the_list(open_as, tmp_path):
    world = sentiment_world(items=0)
    page = open_as(world.requester)
    page.goto(f"/console/projects/{world.project.pk}/data/")
    (tmp_path / "a.csv").write_text("text\none\ntwo\n")
    (tmp_path / "b.jsonl").write_text('{"text": "three"}\n')
    page.set_input_files("input[type=file]", [tmp_path / "a.csv", tmp_path / "b.jsonl"])
    page.wait_for_selector("#uploads tr:nth-child(2)")
    assert sorted(Upload.objects.values_list("file_name", flat=True)) == ["a.csv", "b.jsonl"]
    assert page.inner_text("[data-said]").startswith("Everything was sent")
    assert page.eval_on_selector("form[data-upload] progress", "bar => bar.value") == 1
    Upload.objects.update(state="done", rows_added=1)  # as the import would; the row asks again by itself
    page.wait_for_selector("#uploads .badge.good")
    assert page.complaints == []


def test_files_dropped_on_the_page_are_sent(open_as):
    world = sentiment_world(items=0)
    page = open_as(world.requester)
    page.goto(f"/console/projects/{world.project.pk}/data/")
    dropped = page.evaluate_handle("""() => {
        const data = new DataTransfer();
        data.items.add(new File(["text\\none\\n"], "a.csv", { type: "text/csv" }));
        data.items.add(new File(['{"text": "two"}'], "b.jsonl"));
        return data;
    }""")
    for event in ("dragenter", "dragover", "drop"):
        page.dispatch_event(".drop", event, {"dataTransfer": dropped})
    page.wait_for_selector("#uploads tr:nth-child(2)")
    assert sorted(Upload.objects.values_list("file_name", flat=True)) == ["a.csv", "b.jsonl"]
    assert default_storage.open(Upload.objects.get(file_name="a.csv").stored).read() == b"text\none\n"
    assert page.complaints == []


def test_pictures_and_their_table_sent_in_many_parcels_over_a_broken_line_are_one_upload(open_as, tmp_path):
    """Ninety pictures in two folders: three requests, of which one is lost; the table came with the first."""
    world = sentiment_world(items=0)
    Project.objects.filter(pk=world.project.pk).update(medium="image")
    page = open_as(world.requester)
    page.goto(f"/console/projects/{world.project.pk}/data/")
    names = [f"{folder}/{n}.png" for folder in ("cats", "dogs") for n in range(45)]
    (tmp_path / "all").mkdir()
    (tmp_path / "all" / "labels.csv").write_text("file,id\n" + "".join(f"{name},id of {name}\n" for name in names))
    for number, name in enumerate(names):
        path = tmp_path / "all" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(picture(f"#{number:02x}8040", size=(8, 8)))
    sent = []

    def breaks_once(route):
        sent.append(route.request.url)
        route.abort() if len(sent) == 2 else route.continue_()

    page.route("**/api/v1/upload-sessions/*/files", breaks_once)
    page.set_input_files("#folder", tmp_path / "all")
    page.wait_for_selector("#uploads tr")
    assert page.inner_text("[data-said]").startswith("Everything was sent")
    assert len(sent) == 4
    made = Upload.objects.get()
    assert (made.kind, made.file_name, made.parts.count()) == ("files", "91 files", 91)
    import_upload(made.pk)
    made.refresh_from_db()
    assert (made.rows_added, made.rows_refused) == (90, 0)
    found = dict(Item.objects.filter(dataset=made.dataset).values_list("file_name", "external_id"))
    assert found == {name: f"id of {name}" for name in names}
    page.unroute("**/api/v1/upload-sessions/*/files")
    assert [said for said in page.complaints if "ERR_FAILED" not in said] == []


def test_a_refused_upload_says_why_in_one_sentence(open_as, tmp_path):
    world = sentiment_world(items=0)
    page = open_as(world.requester)
    page.goto(f"/console/projects/{world.project.pk}/data/")
    world.organisation.memberships.all().delete()
    (tmp_path / "a.csv").write_text("text\none\n")
    page.set_input_files("input[type=file]", [tmp_path / "a.csv"])
    page.wait_for_selector("[data-said]:not(:empty)")
    assert page.inner_text("[data-said]") == "There is nothing here, or it is not yours."
    assert Upload.objects.count() == 0


def test_the_price_meter_follows_what_is_typed(open_as):
    world = sentiment_world(items=3)
    page = open_as(world.requester)
    page.goto(f"/console/projects/{world.project.pk}/batches/")
    page.fill("#id_base_micro", "0.001")
    page.wait_for_selector("#meter .badge.bad")
    page.fill("#id_base_micro", "0.01")
    page.wait_for_selector("#meter .badge.good")
    assert "7.20 USD" in page.inner_text("#meter")
    page.click("button[value=open]")
    page.wait_for_url("**/console/batches/*/")
    assert page.inner_text("h1") == "Batch"
    assert page.complaints == []


def test_a_passkey_is_added_and_opens_the_account(open_as):
    person = Person.objects.create_user(email="thandi@example.org")
    page = open_as(None)
    keys = page.context.new_cdp_session(page)
    keys.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    keys.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    page.goto("/accounts/login/")
    page.fill("#id_login", person.email)
    page.click("text=Send me a code")
    page.wait_for_url("**/code/confirm/")
    code = re.search(r"^\s*([A-Z0-9-]{6,})\s*$", mail.outbox[-1].body, re.MULTILINE).group(1)
    page.fill("input[name=code]", code)
    page.click("text=Confirm")
    page.wait_for_url("**/console/")
    page.goto("/accounts/2fa/webauthn/add/")
    page.fill("input[name=name]", "my phone")
    passwordless = page.locator("input[name=passwordless]")
    if passwordless.count():
        passwordless.check()
    page.click("#mfa_webauthn_add")
    page.wait_for_url(lambda url: "/add/" not in url)
    page.context.clear_cookies()
    page.goto("/accounts/login/")
    page.click("#passkey_login")
    page.wait_for_url("**/console/")
    assert page.complaints == []


def test_the_keyboard_reaches_the_content_and_closes_menus(open_as):
    page = open_as(sentiment_world().requester, PHONE)
    page.goto("/console/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.click("summary[aria-label=Menu]")
    assert page.is_visible("nav[aria-label=Console]")
    page.keyboard.press("Escape")
    assert not page.is_visible("nav[aria-label=Console]")


def test_the_chosen_theme_stays(open_as):
    page = open_as(None)
    page.goto("/")
    first = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.click("[data-theme-toggle]")
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert dark != first
    page.goto("/accounts/login/")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == dark
