"""What is on offer costs a phone little, however much a requester writes; an offer in full is fetched when she looks at it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kernel.errors import DomainError
from labelling.models import Batch, BatchItem, Project
from labelling.work.draw_work import draw_work
from labelling.work.work_listing import OFFERS_PAGE
from tests.work.test_bans import phone_of
from tests.worlds import opened, sentiment_world

pytestmark = pytest.mark.django_db
PAGE_BYTES = 20_000


@pytest.fixture
def world():
    return opened(sentiment_world(items=2, workers=1))


def listed(phone, page: int = 1, **headers):
    return phone.get(f"/api/v1/work/batches?page={page}", headers=headers)


def fat(world, batches: int) -> None:
    """Rows as they could be written before there was a limit: 440 MB of them."""
    huge = {"labels": [{"id": "good", "name": {"en": "x" * 2_000_000}}]}
    Project.objects.filter(pk=world.project.pk).update(
        config=huge, instructions={"en": "y" * 50_000, "zu": "z" * 50_000}
    )
    for number in range(batches - 1):
        batch = Batch.objects.get(pk=world.batch.pk)
        batch.pk, batch.name = None, f"fat {number}"
        batch.save(force_insert=True)
        BatchItem.objects.create(batch=batch, item=world.items[0], wanted=2)


def test_two_hundred_fat_batches_are_ten_small_pages(world):
    fat(world, 200)
    phone = phone_of(world.workers[0])
    seen, sizes, url = [], [], "/api/v1/work/batches"
    while url:
        with CaptureQueriesContext(connection) as asked:
            reply = phone.get(url)
        assert not any("config" in query["sql"] or "instructions" in query["sql"] for query in asked)
        sizes.append(len(reply.content))
        seen += [row["batch"] for row in reply.json()["results"]]
        url = reply.json()["next"]
    assert (len(seen), len(set(seen)), len(sizes)) == (200, 200, 200 // OFFERS_PAGE)
    assert max(sizes) <= PAGE_BYTES
    assert sum(sizes) < 200_000  # 440 MB before
    assert (
        len(phone.get(f"/api/v1/work/batches/{seen[0]}").content) > 2_000_000
    )  # control: in full it is as it was written


def test_what_has_not_changed_is_not_sent_again(world):
    phone = phone_of(world.workers[0])
    for path in ("/api/v1/work/batches", f"/api/v1/work/batches/{world.batch.pk}"):
        first = phone.get(path)
        again = phone.get(path, headers={"If-None-Match": first["ETag"]})
        assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
        weak = phone.get(path, headers={"If-None-Match": f'"x", W/{first["ETag"]}'})
        assert weak.status_code == 304
    draw_work(world.workers[0], world.batch, 1)
    tag = listed(phone)["ETag"]
    Project.objects.update(title="Another title")
    changed = listed(phone, **{"If-None-Match": tag})
    assert (changed.status_code, changed.json()["results"][0]["title"]) == (200, "Another title")


def test_in_full_it_is_in_her_language_or_else_in_english(world):
    Project.objects.update(instructions={"en": "Look.", "zu": "Bheka.", "fr": "Regarde."})
    worker = world.workers[0]
    phone = phone_of(worker)

    def read(language: str) -> dict:
        worker.person.language = language
        worker.person.save()
        return phone.get(f"/api/v1/work/batches/{world.batch.pk}").json()

    assert read("zu")["instructions"] == {"zu": "Bheka."}
    assert read("sw")["instructions"] == {"en": "Look."}
    assert read("en")["config"] == world.project.config
    Project.objects.update(instructions={"fr": "Regarde."})
    assert read("zu")["instructions"] == {"fr": "Regarde."}
    Project.objects.update(instructions={})
    assert read("zu")["instructions"] == {}


def test_an_offer_that_was_never_hers_is_not_there(world):
    worker = world.workers[0]
    phone = phone_of(worker)
    Batch.objects.update(state=Batch.State.DRAFT)
    assert phone.get(f"/api/v1/work/batches/{world.batch.pk}").status_code == 404
    assert phone.get("/api/v1/work/batches/999999").status_code == 404
    Batch.objects.update(state=Batch.State.OPEN)
    draw_work(worker, world.batch, 1)
    Batch.objects.update(state=Batch.State.CLOSED)  # she holds a task, or has done one: the words for it stay
    assert phone.get(f"/api/v1/work/batches/{world.batch.pk}").status_code == 200


def test_a_page_that_is_none_is_refused_by_name(world):
    phone = phone_of(world.workers[0])
    for page in ("0", "11", "x", "-1", "9" * 50):
        reply = listed(phone, page)
        assert (reply.status_code, reply.json()["error"]["field"]) == (400, "page")
    assert listed(phone, 10).json() == {"results": [], "next": None, "previous": None}


LABELS = [{"id": "good", "name": {"en": "Good"}}, {"id": "bad", "name": {"en": "Bad"}}]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"config": {"labels": LABELS, "junk": "x"}}, "config.junk"),
        ({"config": {"labels": [LABELS[0] | {"icon": "x"}, LABELS[1]]}}, "config.labels[0].icon"),
        ({"config": {"labels": [LABELS[0] | {"colour": {"a": 1}}, LABELS[1]]}}, "config.labels[0].colour"),
        (
            {"config": {"labels": [{"id": f"l{n}", "name": {"en": "x" * 999}} for n in range(25)]}},
            "config",
        ),
        ({"task_type": "text", "config": {"labels": LABELS}}, "config.labels"),
        ({"task_type": "text", "config": {"kind": "novel"}}, "config.kind"),
        ({"task_type": "text", "config": {"language": 7}}, "config.language"),
        ({"instructions": {"en": "x" * 10_001}}, "instructions"),
        ({"instructions": {"en": "x", "tlh": "x"}}, "instructions.tlh"),
    ],
)
def test_a_config_holds_what_its_type_knows_and_little_of_it(fields, field):
    with pytest.raises(DomainError) as refusal:
        sentiment_world(items=0, workers=0, **fields)
    assert refusal.value.field == field
