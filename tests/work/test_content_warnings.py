"""Work that may disturb: it says so beforehand, is offered to nobody who never wants to see it, pays more, and what was not announced
reaches a person."""

import pytest
from django.core import mail
from django.test import Client

from delivery import outbox
from kernel.errors import DomainError
from labelling import catalogue
from labelling.batches.check_wages import check_wages
from labelling.batches.create_batch import create_batch
from labelling.batches.open_batch import open_batch
from labelling.batches.open_training import open_training
from labelling.batches.wage_floor import floor_micro, floor_of
from labelling.content_reports import avoided_by, found_in
from labelling.models import Batch, ContentReport, Lease, WorkerRecord
from labelling.projects.edit_project import edit_project
from labelling.work.draw_work import draw_work
from labelling.work.return_lease import report_lease, skip_lease
from labelling.work.work_listing import offers_for
from people.actions.say_avoids import say_avoids
from people.models import AuditEntry, Person
from tests.tempo.test_wages import measured
from tests.worlds import make_worker, opened, sentiment_world, sign_in

pytestmark = pytest.mark.django_db
WARNS = ["violence", "hate"]


@pytest.fixture
def world():
    return opened(sentiment_world(items=6, workers=2, warnings=["hate", "violence"]))


@pytest.fixture
def admin():
    return Person.objects.create_user(email="admin@example.org", is_staff=True)


def draw(worker, batch, agrees=()):
    body = {"batch": batch.pk, "n": 1, "agrees": list(agrees)}
    return sign_in(Client(), worker.person).post("/api/v1/work/draw", body, content_type="application/json")


def offer_to(worker, batch) -> dict:
    return sign_in(Client(), worker.person).get(f"/api/v1/work/batches/{batch.pk}").json()


def drain() -> None:
    while outbox.drain():
        continue


def test_nothing_is_lent_before_she_has_read_what_it_may_show(world):
    worker = world.workers[0]
    [offer], _ = offers_for(worker)
    assert offer["warnings"] == WARNS, "in the order of the list, whatever the requester's was"
    for agrees in ([], ["hate"]):
        refused = draw(worker, world.batch, agrees)
        assert (refused.status_code, refused.json()["error"]["code"]) == (409, "content_warning")
    assert not Lease.objects.exists()
    assert len(draw(worker, world.batch, WARNS).json()["leases"]) == 1
    assert offer_to(worker, world.batch)["agreed"] == WARNS, "a second phone of hers knows"
    assert offer_to(world.workers[1], world.batch)["agreed"] == []
    edit_project(world.requester, world.project, warnings=[*WARNS, "death"])
    assert draw(worker, world.batch, WARNS).status_code == 409, "what it warns of anew she has not read"
    assert offer_to(worker, world.batch)["agreed"] == WARNS
    assert draw(worker, world.batch, [*WARNS, "death", "nonsense"]).status_code == 200
    assert offer_to(worker, world.batch)["agreed"] == ["violence", "death", "hate"]


def test_what_she_never_wants_to_see_is_not_offered_and_what_she_holds_goes_back_for_nothing(world):
    worker, other = world.workers
    [lent] = draw_work(worker, world.batch, 1)
    phone = sign_in(Client(), worker.person)
    told = phone.patch("/api/v1/me", {"avoids": ["medical", "hate"]}, content_type="application/json").json()
    assert told["worker"]["avoids"] == ["hate", "medical"]
    worker.refresh_from_db()
    assert (offers_for(worker)[0], len(offers_for(other)[0])) == ([], 1)
    assert draw(worker, world.batch, WARNS).json()["error"]["code"] == "avoided"
    skip_lease(worker, lent.lease)
    record = WorkerRecord.objects.get(worker=worker)
    assert (record.gold_seen, record.decided, record.answers) == (0, 0, 0), "no count of hers has moved"
    assert len(draw_work(other, world.batch, 6)) == 6, "and the task is somebody else's"
    assert avoided_by(world.project) == {"all": 1, "violence": 0, "hate": 1}
    say_avoids(worker, [])
    assert len(offers_for(worker)[0]) == 1


@pytest.mark.parametrize("given", ["hate", ["gore"], [1], None, [["hate"]]])
def test_what_is_no_list_of_categories_changes_nothing(world, given):
    worker = world.workers[0]
    with pytest.raises(DomainError) as refused:
        say_avoids(worker, given)
    assert refused.value.field == "avoids"
    with pytest.raises(DomainError) as refused:
        edit_project(world.requester, world.project, warnings=given)
    assert refused.value.field == "warnings"


def test_such_work_pays_a_fifth_more_than_the_floor_and_says_what_it_must_pay(settings):
    world = sentiment_world(items=2, workers=0, golds=8, estimated_task_s=9)
    fair = floor_micro(9000, [])
    assert (floor_of([]), floor_of(WARNS), fair, floor_micro(9000, WARNS)) == (2_000_000, 2_400_000, 5000, 6000)
    edit_project(world.requester, world.project, warnings=WARNS)
    batch = create_batch(world.requester, world.project, name="b", base_micro=5999)
    with pytest.raises(DomainError, match=r"20 % more than the floor, 2\.40 an hour: pay at least 6000 micro-units"):
        open_batch(world.requester, batch)
    batch.base_micro = 6000
    batch.save()
    assert open_batch(world.requester, batch).state == Batch.State.OPEN
    assert open_training(world.requester, world.project, seats=1, examples=8).base_micro == 6000
    settings.CONTENT_UPLIFT_BPS = 0
    assert floor_of(WARNS) == 2_000_000


def test_an_open_batch_is_held_to_it_by_measured_time():
    world = measured([0.9, 0.95, 1.0])
    assert check_wages() == 0
    edit_project(world.requester, world.project, warnings=WARNS)
    assert check_wages() == 1
    assert Batch.objects.get(pk=world.batch.pk).paused_at is not None


def test_what_was_not_announced_reaches_a_person_and_the_project_warns_of_it(admin):
    world = opened(sentiment_world(items=6, workers=2))
    for worker in world.workers:
        [lent] = draw_work(worker, world.batch, 1)
        report_lease(worker, lent.lease, "disturbing", "A dead man.")
        report_lease(worker, lent.lease, "disturbing", "A dead man.")
    drain()
    [told] = mail.outbox
    assert (told.to, "was not warned" in told.body) == ([admin.email], True), "once, however many say it"
    client = sign_in(Client(), admin)
    assert client.get("/console/admin/content/").content.decode().count("A dead man.") == 2
    mail.outbox.clear()
    client.post(f"/console/admin/content/{world.project.pk}/", {"warnings": ["death"]})
    drain()
    world.project.refresh_from_db()
    assert world.project.warnings == ["death"]
    assert [message.to for message in mail.outbox] == [[world.requester.email]]
    assert AuditEntry.objects.get(action="project.warn").detail == {"added": ["death"]}
    assert "A dead man." not in client.get("/console/admin/content/").content.decode()
    assert found_in(world.project) == {"death"}
    with pytest.raises(DomainError, match="has to warn of it"):
        edit_project(world.requester, world.project, warnings=[])


def test_a_report_that_is_not_so_changes_nothing(admin):
    world = opened(sentiment_world(items=6, workers=1))
    [lent] = draw_work(world.workers[0], world.batch, 1)
    report_lease(world.workers[0], lent.lease, "disturbing")
    client = sign_in(Client(), admin)
    client.post(f"/console/admin/content/{world.project.pk}/", {})
    world.project.refresh_from_db()
    assert (world.project.warnings, found_in(world.project)) == ([], set())
    report = ContentReport.objects.get()
    assert (report.decided_by, report.found) == (admin, [])
    client.post(f"/console/admin/content/{world.project.pk}/", {"warnings": ["hate"]})
    world.project.refresh_from_db()
    assert world.project.warnings == [], "decided once"


def test_the_requester_chooses_at_the_making_and_sees_how_many_never_want_it(client):
    world = sentiment_world(items=1, workers=0)
    client.force_login(world.requester)
    page = client.get("/console/projects/new/content-moderation-text/").content.decode()
    assert 'value="hate"' in page
    say_avoids(make_worker("thandi"), ["hate"])
    edit_project(world.requester, world.project, warnings=["hate"])
    page = client.get(f"/console/projects/{world.project.pk}/question/").content.decode()
    assert "1 people never want to see this" in page


def test_ready_made_work_that_needs_it_warns():
    warned = {entry["id"]: entry["warnings"] for entry in catalogue.entries() if entry.get("warnings")}
    assert set(warned) == {"content-moderation-image", "content-moderation-text", "moderation-flags"}
    for entry in catalogue.entries():
        wage = entry["base_micro"] * 3600 // entry["estimated_task_s"]
        assert wage >= floor_of(entry.get("warnings", [])), entry["id"]
