"""Never silently, never for ever: she is told, appeals in her own words, a person lets it go, or its date does."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client

from consensus.app.actions.look_for_abuse import look_for_abuse
from consensus.app.models import AbuseCheck, WorkerFlag
from delivery.outbox import drain
from labelling.conduct.hold_pay import end_holds, hold_pay
from labelling.conduct.holds import hold_of
from labelling.models import PayHold
from labelling.models.holds import FLAGGED_FOR
from ledger import clock
from people.actions.make_token import make_token
from people.models import AuditEntry, Person
from tests.roles import as_owner
from tests.tempo.test_holds import BASE_MICRO, worked


@pytest.fixture
def held():
    worker = worked(answers=5)
    with as_owner():
        worker.answers.update(received_at=clock.now() - timedelta(days=2))
    hold_pay(worker.answers.first().project, [(worker.pk, "random"), (worker.pk, "fast")])
    drain()
    return worker


def phone_of(worker) -> Client:
    _, secret = make_token(worker.person, "test", ["work", "wallet"])
    return Client(headers={"Authorization": f"Bearer {secret}"})


def appeal(phone, words="I read each of them."):
    return phone.post("/api/v1/wallet/hold/appeal", {"words": words}, content_type="application/json")


@pytest.mark.django_db
def test_she_is_told_once_with_a_date_and_sees_it_in_her_wallet(held):
    [letter] = mail.outbox
    assert "waits until" in letter.body
    assert "not lost" in letter.body
    shown = phone_of(held).get("/api/v1/me").json()["worker"]["hold"]
    assert shown["reason"] == "flag"
    assert shown["kept_micro"] == BASE_MICRO * held.settlements.count()
    assert shown["until"][:10] == str((clock.now() + FLAGGED_FOR).date())
    assert shown["appealed_at"] is None


@pytest.mark.django_db
def test_her_words_reach_the_admins_and_one_lets_it_go(held):
    admin = Person.objects.create_user(email="admin@example.org", is_staff=True)
    phone = phone_of(held)
    assert appeal(phone, " ").status_code == 400
    assert appeal(phone).json()["hold"]["appealed_at"]
    assert appeal(phone).status_code == 200  # the same words again
    assert appeal(phone, "Other words.").status_code == 409
    drain()
    assert mail.outbox[-1].to == ["admin@example.org"]
    console = Client()
    console.force_login(admin)
    page = console.get(f"/console/admin/workers/{held.pk}/").content.decode()
    assert "I read each of them." in page
    assert console.post(f"/console/admin/workers/{held.pk}/pay/").status_code == 302
    assert hold_of(held) is None
    assert AuditEntry.objects.filter(action="holds.release_pay", actor=admin).exists()
    assert phone.get("/api/v1/me").json()["worker"]["hold"] is None
    assert appeal(phone).status_code == 409  # nothing to appeal against


@pytest.mark.django_db
def test_an_admin_does_not_let_her_own_pay_go(held):
    Person.objects.filter(pk=held.person_id).update(is_staff=True)
    console = Client()
    console.force_login(Person.objects.get(pk=held.person_id))
    assert console.post(f"/console/admin/workers/{held.pk}/pay/").status_code == 404
    assert hold_of(held) is not None


@pytest.mark.django_db
def test_nobody_decided_so_it_ends_at_its_date_and_does_not_begin_again(held):
    project = held.answers.first().project
    past = clock.now() - FLAGGED_FOR
    PayHold.objects.update(since=past, until=past + FLAGGED_FOR)
    assert hold_of(held) is None
    assert end_holds() == 2
    assert hold_pay(project, [(held.pk, "random")]) == 0
    assert hold_of(held) is None


@pytest.mark.django_db
def test_a_look_that_finds_the_flag_no_more_ends_its_hold(held):
    project, now = held.answers.first().project, clock.now()
    more = {"score_ppm": 1, "p_value": 0.001, "evidence": {}, "method": "abuse/3", "first_seen": now, "last_seen": now}
    WorkerFlag.objects.create(worker=held, project=project, kind="random", **more)
    WorkerFlag.objects.create(worker=held, project=project, kind="fast", **more)
    look_for_abuse(project.pk)
    assert AbuseCheck.objects.filter(project=project).exists()
    assert set(PayHold.objects.values_list("ended_because", flat=True)) == {"looked"}
    assert hold_of(held) is None


@pytest.mark.django_db
def test_a_first_day_can_be_appealed_against_too():
    worker = worked(answers=5)
    admin = Person.objects.create_user(email="admin@example.org", is_staff=True)
    assert appeal(phone_of(worker)).json()["hold"]["reason"] == "first_day"
    console = Client()
    console.force_login(admin)
    console.post(f"/console/admin/workers/{worker.pk}/pay/")
    assert hold_of(worker) is None


@pytest.mark.django_db
def test_the_database_knows_no_hold_for_ever(held):
    with pytest.raises(IntegrityError), transaction.atomic():
        PayHold.objects.update(until=clock.now() + timedelta(days=30))
