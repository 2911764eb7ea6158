"""What she can read is asked, and decides what she is offered; what she cannot read costs her nothing."""

import pytest
from django.test import Client

from kernel.errors import DomainError
from labelling.models import WorkerRecord
from labelling.work.draw_work import draw_work
from labelling.work.return_lease import report_lease
from labelling.work.work_listing import offers_for
from people.actions.say_languages import say_languages
from people.models import AuditEntry, Person
from tests.worlds import make_worker, opened, sentiment_world, sign_in

pytestmark = pytest.mark.django_db


def offered(worker) -> set[str]:
    offers, _ = offers_for(worker)
    return {f"{offer['medium']} {offer['language']}" for offer in offers}


@pytest.fixture
def market():
    """Texts in three languages, and pictures asked about in Chinese."""
    for language in ("en-ZA", "zu", "zh"):
        opened(sentiment_world(items=2, workers=0, language=language))
    world = sentiment_world(items=2, workers=0, language="zh")
    type(world.project).objects.filter(pk=world.project.pk).update(medium="image")
    return opened(world)


def test_texts_come_in_languages_that_she_reads_and_pictures_to_everybody(market):
    worker = make_worker("thandi")
    assert offered(worker) == {"text en-ZA", "text zu", "text zh", "image zh"}, "before she was asked"
    say_languages(worker, ["zu", "en"])
    assert offered(worker) == {"text en-ZA", "text zu", "image zh"}
    type(market.project).objects.filter(pk=market.project.pk).update(task_type="text")
    assert offered(worker) == {"text en-ZA", "text zu"}, "unless something is to be written in that language"


def test_i_cannot_read_this_is_free_and_feeds_the_filter(market):
    world = opened(sentiment_world(items=3, workers=1, language="zh"))
    worker = world.workers[0]
    [lease] = draw_work(worker, world.batch, 1)
    report_lease(worker, lease.lease, "language")
    assert offered(worker) == {"text en-ZA", "text zu", "image zh"}
    record = WorkerRecord.objects.get(worker=worker)
    assert (record.gold_seen, record.decided, record.reports) == (0, 0, 1), "it counts nowhere against her"
    world.batch.refresh_from_db()
    assert len(draw_work(make_worker("other"), world.batch, 3)) == 3, "and the task is free for somebody else"
    say_languages(worker, ["zh"])
    assert offered(worker) == {"text zh", "image zh"}, "she may think again"


@pytest.mark.parametrize(
    "reads", [[], "en", ["EN"], ["english"], [1], None, ["a" * 300], [f"a{chr(97 + n)}" for n in range(21)]]
)
def test_what_is_no_list_of_languages_changes_nothing(reads):
    worker = make_worker("thandi")
    with pytest.raises(DomainError) as refused:
        say_languages(worker, reads)
    assert (refused.value.field, refused.value.code) == ("reads", "reads")
    worker.refresh_from_db()
    assert worker.reads == []


def test_what_she_agreed_to_is_recorded_with_its_version_and_asked_again_when_it_changes(settings):
    worker = make_worker("thandi")
    Person.objects.filter(pk=worker.person_id).update(terms_version="")
    worker.person.refresh_from_db()
    phone = sign_in(Client(), worker.person)

    def agree(**changes):
        body = {"version": settings.TERMS_VERSION, "country": "ZA", "adult": True} | changes
        return phone.post("/api/v1/me/terms", body, content_type="application/json")

    assert phone.get("/api/v1/me").json()["terms"] == {"version": settings.TERMS_VERSION, "agreed": ""}
    for changes, code in (
        ({"adult": False}, "not_adult"),
        ({"country": "za"}, "country"),
        ({"version": "old"}, "terms_changed"),
    ):
        assert agree(**changes).json()["error"]["code"] == code
    worker.person.refresh_from_db()
    assert (worker.person.terms_version, worker.person.terms_at) == ("", None)
    assert agree().json()["terms"]["agreed"] == settings.TERMS_VERSION
    worker.refresh_from_db()
    assert worker.country == "ZA"
    entry = AuditEntry.objects.get(action="people.agree_to_terms")
    assert entry.detail == {"version": settings.TERMS_VERSION, "country": "ZA"}
    settings.TERMS_VERSION = "2027-01"
    terms = phone.get("/api/v1/me").json()["terms"]
    assert terms["agreed"] != terms["version"]
