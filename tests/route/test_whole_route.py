# ruff: noqa: E501  lines that the platform runs
"""The whole route, in a browser of a phone's size, on real processes: upload, three workers (one offline), decisions, balances to
the micro-unit, a payout paid by the rail, the root anchored, the pay verified, the labels downloaded."""

from __future__ import annotations

import json
import os
import re
import time
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from server.demo.pictures import single_fruit
from tests.chromium import CHROMIUM, chromium, launch_options
from tests.phone.browser import begin
from tests.whole_platform import manage, python, whole_platform

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "media" / "classification"
PHONE, DESK = {"width": 360, "height": 640}, {"width": 1440, "height": 900}
SHOTS = os.environ.get("ILIMA_SCREENSHOTS")
PASSWORD = "a-long-enough-pass"
TERMS = settings.TERMS_VERSION
N_PICTURES = 6

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine: install the package chromium"),
]

PEOPLE = f"""
import json
from people.models import Person
from people.actions.become_worker import become_worker
from people.actions.create_organisation import create_organisation
def person(name, **more):
    made = Person.objects.create_user(email=name + "@route.example", display_name=name.title(), password="{PASSWORD}", **more)
    return made
for name in ("ayanda", "busi", "cebo"):
    become_worker(person(name, terms_version="{TERMS}"))
create_organisation(person("requester"), "Route Ltd")
person("admin", is_staff=True, is_superuser=True)
print(json.dumps("made"))
"""


@pytest.fixture(scope="module")
def platform():
    with whole_platform(24000) as running:
        python(running, PEOPLE)
        yield running


@pytest.fixture(scope="module")
def browser():
    with chromium() as running:
        yield running


@pytest.fixture(scope="module")
def pictures(tmp_path_factory) -> list[Path]:
    """Real photographs where they are at hand, our own drawings otherwise."""
    found = (
        sorted(p for p in SHARED.rglob("*") if p.suffix.lower() in (".jpg", ".jpeg", ".png"))[:N_PICTURES]
        if SHARED.exists()
        else []
    )
    if len(found) == N_PICTURES:
        return found
    folder = tmp_path_factory.mktemp("pictures")
    for seed in range(N_PICTURES):
        (folder / f"fruit-{seed}.png").write_bytes(single_fruit(seed)[0])
    return sorted(folder.iterdir())


def shot(page: Page, name: str) -> None:
    """Both sizes of the page as it stands, when somebody wants to look at them."""
    if SHOTS:
        for size, label in ((DESK, "desk"), (PHONE, "phone")):
            page.set_viewport_size(size)
            page.screenshot(path=f"{SHOTS}/{name}-{label}.png")


def context_of(browser: Browser) -> BrowserContext:
    context = browser.new_context(viewport=PHONE, has_touch=True, device_scale_factor=2)
    context.set_default_timeout(30_000)
    return context


def sign_in_console(context: BrowserContext, url: str, name: str) -> Page:
    page = context.new_page()
    page.goto(f"{url}/accounts/login/")
    page.fill("input[name=login]", f"{name}@route.example")
    page.get_by_text("I have a password").click()
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(re.compile(r"(?!.*login)"))
    return page


def sign_in_phone(context: BrowserContext, url: str, name: str) -> Page:
    page = context.new_page()
    page.goto(f"{url}/app/")
    page.get_by_test_id("language-en").click()
    page.get_by_test_id("other-way").click()
    page.get_by_test_id("who").fill(f"{name}@route.example")
    page.get_by_test_id("password").fill(PASSWORD)
    page.get_by_test_id("sign-in-send").click()
    expect(page.get_by_test_id("work")).to_be_visible()
    return page


def make_project(page: Page, url: str, pictures: list[Path]) -> int:
    """Through the console: a project from the catalogue, pictures uploaded, money deposited, a batch opened."""
    page.goto(f"{url}/console/projects/new/image-classification/")
    page.fill("[name=title]", "What is on the picture?")
    page.fill("[name=labels]", "left\nright")
    page.fill("[name=min_answers]", "3")
    page.fill("[name=max_answers]", "3")
    page.fill("[name=estimated_task_s]", "5")
    shot(page, "new-project")
    page.locator("main form button[type=submit], form.form button[type=submit]").last.click()
    page.wait_for_url(re.compile(r"/console/projects/\d+/"))
    project = int(re.search(r"/projects/(\d+)/", page.url)[1])
    page.goto(f"{url}/console/projects/{project}/data/")
    page.set_input_files("#files", [str(path) for path in pictures])
    expect(page.locator("#uploads")).to_contain_text(re.compile("done", re.I), timeout=90_000)
    shot(page, "upload-done")
    return project


def fund_and_open(page: Page, url: str, project: int) -> None:
    page.goto(f"{url}/console/organisations/1/")
    page.fill("[name=amount_micro]", "20")
    page.fill("[name=card]", "card-ok")
    page.locator("form[action$='/deposit/'] button").click()
    deadline = time.monotonic() + 60
    while "20.00" not in page.inner_text("main") and time.monotonic() < deadline:
        page.wait_for_timeout(500)
        page.goto(f"{url}/console/organisations/1/")
    shot(page, "funds")
    page.goto(f"{url}/console/projects/{project}/batches/")
    page.fill("[name=name]", "First")
    page.fill("[name=base_micro]", "0.1")
    page.fill("[name=bonus_micro]", "0.05")
    page.locator("button[value=open]").click()
    page.wait_for_url(re.compile(r"/console/batches/\d+/"))
    shot(page, "batch-open")


def open_task(page: Page) -> None:
    page.locator("a.batch").first.click()
    page.get_by_test_id("start").click()
    begin(page)
    task, more = page.get_by_test_id("task"), page.get_by_role("button", name="Look for more tasks")
    expect(task.or_(more).first).to_be_visible(timeout=30_000)
    if more.is_visible():  # others hold the tasks for a moment
        page.wait_for_timeout(2_000)
        more.click()
    expect(task).to_be_visible(timeout=30_000)


def label_all(page: Page, label: str) -> None:
    """Answer all N_PICTURES tasks; each is on the phone's disk before the next one is shown. When others hold the last ones for a
    moment she looks for more, as the screen offers."""
    task, over = page.get_by_test_id("task"), page.get_by_test_id("earned-money")
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        expect(task.or_(over).first).to_be_visible(timeout=30_000)
        if over.is_visible():
            if f"{N_PICTURES / 10:.2f}" in over.inner_text():
                return
            page.get_by_role("button", name="Look for more tasks").click()
            continue
        try:
            page.get_by_role("radio", name=label).click(timeout=3_000)
            page.get_by_test_id("done").click(timeout=3_000)
        except PlaywrightTimeout:
            continue  # the task under the finger was just leaving: look at the screen again
        page.wait_for_timeout(150)  # a person's pace between two tasks
    raise AssertionError("the tasks did not end")


def sent(page: Page) -> None:
    expect(page.get_by_test_id("sync").first).to_have_attribute("data-unsent", "0", timeout=60_000)


def wait_for(platform, code: str, wanted, within_s: float = 90):
    deadline = time.monotonic() + within_s
    while (found := python(platform, code)) != wanted:
        assert time.monotonic() < deadline, f"still {found}, not {wanted}: {code}"
        time.sleep(1)


def test_the_whole_route(platform, browser, pictures, tmp_path):
    url = platform.url
    requester = sign_in_console(context_of(browser), url, "requester")
    project = make_project(requester, url, pictures)
    fund_and_open(requester, url, project)

    online = [sign_in_phone(context_of(browser), url, name) for name in ("ayanda", "busi")]
    for page in online:
        shot(page, "work")
        open_task(page)
        shot(page, "task-choice")
        label_all(page, "left")
        page.goto(f"{url}/app/#/work")
        sent(page)

    # The third worker takes a pack along, loses the network, answers, and her browser is closed and opened again.
    folder = tmp_path / "third"
    with sync_offline_worker(browser, folder, url) as offline_answers:
        assert offline_answers == N_PICTURES
    wait_for(
        platform,
        f"import json; from labelling.models import Answer; print(json.dumps(Answer.objects.filter(project={project}).count()))",
        3 * N_PICTURES,
    )

    decided = f"import json; from labelling.models import Decision; print(json.dumps(Decision.objects.filter(project={project}, final=True).count()))"
    wait_for(platform, decided, N_PICTURES)
    check_money(platform, project)
    check_payout(platform, online[0], url)
    check_proof(platform, online[0], url)
    check_download(platform, requester, url, project)
    check_admin(browser, platform, url)


class sync_offline_worker:
    """Cebo's phone: a profile on disk, so that closing the browser is what killing the tab is on a phone."""

    def __init__(self, browser: Browser, folder: Path, url: str):
        self.chromium, self.folder, self.url = browser.browser_type, folder, url

    def _open(self, offline: bool = False) -> BrowserContext:
        context = self.chromium.launch_persistent_context(
            str(self.folder), **launch_options(str(self.folder)), viewport=PHONE, has_touch=True, offline=offline
        )
        context.set_default_timeout(30_000)
        return context

    def __enter__(self) -> int:
        context = self._open()
        page = sign_in_phone(context, self.url, "cebo")
        page.reload()  # the service worker takes control
        page.locator("a.batch").first.click()
        page.get_by_test_id("take-pack").click()
        expect(page.get_by_test_id("take-pack")).to_have_attribute("data-ready", str(N_PICTURES))
        context.set_offline(True)
        page.get_by_test_id("start").click()
        begin(page)
        label_all(page, "right")
        page.goto(f"{self.url}/app/#/work")
        expect(page.get_by_test_id("sync").first).to_have_attribute("data-unsent", str(N_PICTURES))
        shot(page, "offline")
        context.close()
        # Opened again without network: the app is there. (The browser may have sent the answers by Background Sync meanwhile.)
        self.context = self._open(offline=True)
        again = self.context.new_page()
        again.goto(f"{self.url}/app/")
        expect(again.get_by_test_id("sync").first).to_be_visible()
        self.context.set_offline(False)
        again.reload()
        sent(again)
        return N_PICTURES

    def __exit__(self, *_) -> None:
        self.context.close()


MONEY = """
import json
from labelling.models import Settlement, Answer, Batch
from ledger.posting import balance, trial_balance
from ledger.factories import available_of, pending_of, escrow_of, funds_of
batch = Batch.objects.get(project={project})
rows = {{}}
for s in Settlement.objects.filter(answer__project={project}):
    rows.setdefault(s.worker_id, []).append(s.base_micro + s.bonus_micro)
print(json.dumps(dict(
    earned={{w: sum(v) for w, v in rows.items()}}, settled=Settlement.objects.count(), base=[s.base_micro for s in Settlement.objects.all()],
    available={{w: balance(available_of(w), "USD") for w in rows}}, pending=[balance(pending_of(w), "USD") for w in rows],
    escrow=balance(escrow_of(batch.pk), "USD"), funds=balance(funds_of(batch.project.organisation_id), "USD"),
    sum=sum(row.sum_micro for row in trial_balance()), state=batch.state)))
"""


def check_money(platform, project: int) -> None:
    """Every answer is settled; what was earned is there to the micro-unit; what is left is back with the requester."""
    wait_for(
        platform,
        "import json; from labelling.models import Settlement; print(json.dumps(Settlement.objects.count()))",
        3 * N_PICTURES,
    )
    wait_for(platform, "import json; from delivery.outbox import waiting; print(json.dumps(waiting()))", 0)
    money = python(platform, MONEY.format(project=project))
    assert money["base"] == [100_000] * (3 * N_PICTURES)
    assert money["available"] == money["earned"]
    assert money["pending"] == [0, 0, 0]
    assert money["state"] == "closed"
    assert money["escrow"] == 0
    assert money["funds"] == 20_000_000 - sum(money["earned"].values())
    assert money["sum"] == 0


def check_payout(platform, page: Page, url: str) -> None:
    page.goto(f"{url}/app/#/wallet")
    page.reload()
    expect(page.get_by_test_id("wallet")).to_be_visible()
    shot(page, "wallet")
    page.get_by_test_id("ask-payout").click()
    page.get_by_test_id("payout-phone").fill("082 123 4509")  # as she dials it
    page.get_by_test_id("payout-send").click()
    page.get_by_test_id("payout-look").wait_for()
    page.get_by_test_id("payout-send").click()
    wait_for(
        platform,
        "import json; from payouts.models import Payout; print(json.dumps([p.state for p in Payout.objects.all()]))",
        ["paid"],
    )
    manage(platform, "reconcile")  # exits with an error when the two sets of books differ
    page.reload()
    expect(page.get_by_test_id("payout-paid")).to_be_visible()


def check_proof(platform, page: Page, url: str) -> None:
    """The period is closed and anchored now; she checks it on her phone, and the command line says the same."""
    manage(platform, "anchor_now")
    page.goto(f"{url}/app/#/wallet")
    page.reload()
    page.get_by_test_id("check").click()
    expect(page.get_by_test_id("check-result")).to_have_attribute("data-holds", "true", timeout=60_000)
    shot(page, "check-pay")


def check_download(platform, page: Page, url: str, project: int) -> None:
    page.goto(f"{url}/console/projects/{project}/releases/")
    page.locator("main form[method=post] button, form[method=post] button.primary").first.click()
    wait_for(
        platform,
        "import json; from labelling.models import Release; print(json.dumps([r.state for r in Release.objects.all()]))",
        ["ready"],
    )
    page.goto(f"{url}/console/projects/{project}/releases/")
    shot(page, "releases")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="JSONL").click()
    lines = [json.loads(line) for line in Path(waiting.value.path()).read_text().splitlines()]
    items = [line for line in lines if "decision" in line]
    assert len(items) == N_PICTURES
    assert {json.dumps(item["decision"]["label"]) for item in items} == {'"left"'}
    assert all(len(item["answers"]) == 3 for item in items)


def check_admin(browser: Browser, platform, url: str) -> None:
    page = sign_in_console(context_of(browser), url, "admin")
    page.goto(f"{url}/console/admin/workers/")
    expect(page.locator("main")).to_contain_text("Busi")
    shot(page, "admin-workers")
    page.goto(f"{url}/console/admin/ledger/")
    shot(page, "admin-ledger")
