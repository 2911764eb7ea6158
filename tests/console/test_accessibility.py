"""Each page of the console, light on a phone and dark on a desk: what a program can see of WCAG 2.2 AA."""

from pathlib import Path

import pytest

from consensus.app.actions.look_for_abuse import look_for_abuse
from delivery import outbox
from labelling.conduct.appeal_ban import appeal_ban
from labelling.models import Answer
from ledger.models import Account
from people.models import Person
from tests.abused import abused
from tests.console.test_browser import DESK, PHONE, browser, open_as, pytestmark, whole_pages  # noqa: F401
from tests.work.test_bans import banned

LOOK = (Path(__file__).parent / "accessibility.js").read_text()
SPOILED = """<main><h1>One</h1><h3>Three</h3><button></button><input><img src="x"><p id="a"></p><p id="a"></p>
<p style="color:#aaa;background:#fff">pale</p><button style="width:9px;height:9px;padding:0">x</button><table><tr><td>1</table></main>"""


def test_the_look_sees_each_kind_of_fault(open_as):  # noqa: F811
    """The control: a page with one of each."""
    page = open_as(None)
    page.set_content(SPOILED)
    found = " | ".join(page.evaluate(LOOK))
    for fault in ("no name: <button>", "no name: <input>", "no alt", "id twice: a", "h1 is followed by h3", "contrast 2.32", "target 9x9",
                  "without headings"):  # fmt: skip
        assert fault in found, fault


@pytest.mark.parametrize(
    ("viewport", "dark", "language"), [(PHONE, False, "en"), (DESK, True, "en"), (PHONE, True, "zu")]
)
def test_no_page_has_a_fault_that_a_program_sees(open_as, viewport, dark, language):  # noqa: F811
    crowd = abused(items=30, honest=3)
    outbox.drain()
    look_for_abuse(crowd.world.project.pk)
    assert Answer.objects.exists()
    one, two = crowd.ring[:2]
    account = Account.objects.filter(kind="worker_available").first()
    admin = Person.objects.create_user(email="admin@example.org", is_staff=True, is_superuser=True)
    page = open_as(admin, viewport)
    page.set_extra_http_headers({"Accept-Language": language})  # longer words must not widen a page
    if dark:
        page.add_init_script("localStorage.setItem('ilima-theme', 'dark')")
    workers = f"/console/admin/workers/{one.pk}"
    maker = Person.objects.create_user(email="maker@example.org", is_staff=True)
    ban = banned(maker, crowd.clicker, crowd.world.project)
    appeal_ban(crowd.clicker, ban.pk, "I looked at each of them.")
    admin_pages = ["/console/admin/workers/", f"{workers}/", f"{workers}/answers/", f"{workers}/beside/{two.pk}/",
                   f"/console/admin/workers/{crowd.machine.pk}/",
                   f"/console/admin/workers/{crowd.machine.pk}/ban/", "/console/admin/bans/", f"/console/admin/bans/{ban.pk}/",
                   f"/console/admin/workers/{crowd.clicker.pk}/", "/console/admin/ledger/", f"/console/admin/ledger/accounts/{account.pk}/",
                   "/console/admin/payouts/", "/console/admin/periods/", "/console/admin/audit/"]  # fmt: skip
    faults = {}
    for address in ["/", *admin_pages, *whole_pages(crowd.world)]:
        assert page.goto(address).status == 200, address
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, address
        if found := page.evaluate(LOOK):
            faults[address] = found[:5]
    assert [f"{address}: {fault}" for address, found in faults.items() for fault in found] == []
    assert page.complaints == []
