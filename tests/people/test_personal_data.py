"""What a person gets of herself, and what is left of her when she goes."""

import json
import uuid
from datetime import date, timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.db import connection, models
from django.utils import timezone

from anchoring.models import Period, Statement, StatementLine
from delivery import outbox
from kernel.errors import DomainError
from labelling.conduct.appeal_ban import appeal_ban
from labelling.conduct.ban_worker import ban_worker
from labelling.conduct.lift_ban import lift_ban
from labelling.models import Answer, Lease, Project
from labelling.work.accept_answers import accept_answers
from labelling.work.draw_work import draw_work
from labelling.work.return_lease import report_lease
from ledger import factories
from ledger.posting import post_many, trial_balance
from ledger.reading import balance
from ml_assist.judges.models import Judge
from payouts.encryption import seal
from payouts.models import Payout
from people.actions.create_organisation import create_organisation
from people.actions.erase_person import erase_person
from people.actions.make_token import make_token
from people.audit import record
from people.models import ApiToken, Membership, Person, Worker
from people.personal_data import KEEP, TABLES, WORDS, export_person
from tests.worlds import answer_to, opened, sentiment_world

pytestmark = pytest.mark.django_db
EVIDENCE = [{"kind": "gold", "project": 1, "title": "Good or bad", "numbers": {"gold_seen": 9, "gold_right": 2}}]
CANARIES = ("canary-name-7731", "canary-7731@example.org", "+27830007731")


@pytest.fixture
def her():
    """A worker with a life: answers, money, a token, two addresses."""
    world = opened(sentiment_world(items=3, workers=2))
    person = world.workers[0].person
    Person.objects.filter(pk=person.pk).update(display_name=CANARIES[0], email=CANARIES[1], phone=CANARIES[2])
    person.refresh_from_db()
    EmailAddress.objects.filter(user=person).update(email=CANARIES[1])
    make_token(person, "mine", ["work"])
    for worker in world.workers:
        lent = draw_work(worker, world.batch, 20)
        accept_answers(worker, [answer_to(one, {"label": "good"}) for one in lent])
    outbox.drain()
    return person


def paid_out(person: Person) -> None:
    worker = person.worker
    held = balance(factories.available_of(worker.pk), "USD")
    legs = factories.moved(factories.available_of(worker.pk), factories.float_of("simulated"), held)
    post_many([factories.Transfer(f"test-payout:{worker.pk}", "payout", "USD", legs, {})])


def test_every_table_that_leads_to_a_person_has_its_rule():
    found = {
        (model._meta.label, field.name)
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if field.is_relation and not field.auto_created and field.related_model in (Person, Worker)
    }
    ruled = {(table.model, table.path.split("__")[0]) for table in TABLES}
    by_way = {("labelling.Appeal", "ban"), ("labelling.ContentReport", "lease")}  # of what is hers
    assert found == ruled - by_way


def test_the_export_holds_all_that_is_hers_and_no_secret(her):
    data = json.loads("".join(export_person(her)))
    assert data["person"]["email"] == CANARIES[1]
    assert len(data["labelling.Answer"]) == Answer.objects.filter(worker=her.worker).count() == 3
    assert len(data["labelling.Settlement"]) == 3
    assert [token["name"] for token in data["people.ApiToken"]] == ["mine"]
    assert set(data) == {"person", *(table.model for table in TABLES if table.exported)}
    text = json.dumps(data)
    assert her.password not in text
    assert ApiToken.objects.get(person=her).token_sha256 not in text
    others = Answer.objects.exclude(worker=her.worker).values_list("pk", flat=True)
    assert all(str(pk) not in text for pk in others)


def test_a_line_of_her_statement_is_told_whole_and_the_key_of_a_model_never(her):
    """The name of one column in two tables: a line's key is what its proof is checked by."""
    statement = _statement(_period(), her.worker)
    StatementLine.objects.create(
        statement=statement, worker=her.worker, transfer_id=1, key="earn:1", kind="earn", amount_micro=1
    )
    fixed = {"protocol": "chat", "address": "https://models.example.org/v1", "most_calls": 1, "created_by": her}
    Judge.objects.create(project=Project.objects.get(), name="A model", key="sk-secret", **fixed)
    data = json.loads("".join(export_person(her)))
    assert [line["key"] for line in data["anchoring.StatementLine"]] == ["earn:1"]
    assert "key" not in data["ml_assist.Judge"][0]


def test_money_is_paid_out_before_an_account_closes(her):
    before = Person.objects.filter(pk=her.pk).values().get()
    with pytest.raises(DomainError, match="paid out first"):
        erase_person(her)
    assert Person.objects.filter(pk=her.pk).values().get() == before
    assert ApiToken.objects.filter(person=her).exists()


def everything() -> str:
    """Every row of every table as text, as a dump would hold it."""
    with connection.cursor() as cursor:
        parts = []
        for name in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT coalesce(string_agg(t::text, '|'), '') FROM \"{name}\" t")
            parts.append(cursor.fetchone()[0])
    return "\n".join(parts)


@pytest.fixture
def told(her):
    """What she wrote, and what was written to her and of her: each with her name, her address or her number in it."""
    name, address, number = CANARIES
    admin = Person.objects.create_user(email="admin@example.org", is_staff=True, is_superuser=True)
    world = opened(sentiment_world(items=4, workers=0))
    skipped, missed, _ = draw_work(her.worker, world.batch, 3)
    report_lease(her.worker, skipped.lease, "personal", f"It is my own number: {number}")
    report_lease(her.worker, missed.lease, "other", f"Write to {address}")
    ban = ban_worker(
        admin, her.worker, world.project, reason="unread", sentence=f"Dear {name}, you did not look.", evidence=EVIDENCE,
        until=timezone.now() + timedelta(days=2),
    )  # fmt: skip
    appeal_ban(her.worker, ban.pk, f"I did. {name}")
    lift_ban(admin, ban.pk, note=f"{name} was right.")
    Payout.objects.create(
        id=uuid.uuid4(), worker=her.worker, provider="simulated", amount_micro=100_000, currency="USD", destination_sealed=seal(number),
        destination_hint=number[-3:], state="paid", words=f"I need it. {name}", next_try_at=None,
    )  # fmt: skip
    record(admin, "people.note", her, said=f"{name} called from {number}")
    LogEntry.objects.log_actions(admin.pk, [her], 2, change_message=f"renamed {name}")
    return her


PLACES = {
    "labelling_lease", "labelling_ban", "labelling_appeal", "payouts_payout", "people_auditentry", "django_admin_log", "people_person",
    "account_emailaddress",
}  # fmt: skip


def places_of(canaries) -> set[str]:
    """The tables that hold one of them."""
    found = set()
    with connection.cursor() as cursor:
        for name in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT coalesce(string_agg(t::text, '|'), '') FROM \"{name}\" t")
            text = cursor.fetchone()[0]
            found |= {name for canary in canaries if canary in text}
    return found


def test_after_erasure_no_word_in_the_database_names_her(told):
    assert places_of(CANARIES) == PLACES  # the control
    paid_out(told)
    erase_person(told)
    outbox.drain()
    assert places_of(CANARIES) == set()
    leases = Lease.objects.filter(worker__person=told, state="reported")
    assert set(leases.values_list("report_reason", flat=True)) == {"personal", "other"}


def test_every_free_text_about_a_worker_has_its_rule():
    """Short fields of fixed words apart: whoever adds a field that holds words decides what is left of them."""
    free = {
        (table.model, field.name)
        for table in TABLES
        if table.at_erasure == KEEP and table.path.startswith("worker")
        for field in apps.get_model(table.model)._meta.concrete_fields
        if isinstance(field, models.TextField | models.JSONField)
    }
    ruled = {(words.model, words.field) for words in WORDS}
    assert free <= ruled
    assert all(words.left is not None or words.why for words in WORDS)


def test_after_erasure_nothing_in_the_database_knows_her(her):
    assert all(canary in everything() for canary in CANARIES)  # the control
    paid_out(her)
    pseudonym, answers = her.worker.pseudonym, Answer.objects.count()
    erase_person(her)
    outbox.drain()
    assert [canary for canary in CANARIES if canary in everything()] == []
    assert Answer.objects.count() == answers
    assert Worker.objects.get(person=her).pseudonym == pseudonym
    assert sum(row.sum_micro for row in trial_balance()) == 0
    left = Person.objects.get(pk=her.pk)
    assert (left.is_active, left.has_usable_password(), left.phone) == (False, False, None)


def _period() -> Period:
    return Period.objects.create(
        number=0, day=date(2026, 11, 21), header={}, header_hash="h", statements_root="r", statement_count=2,
        commitments_root="c", commitment_count=0, leg_floor=0, closed_at=timezone.now(),
    )  # fmt: skip


def _statement(period: Period, worker: Worker) -> Statement:
    return Statement.objects.create(
        period=period, worker=worker, currency="USD", pseudonym="p", salt="s", opening_micro=0, earned_micro=1,
        paid_micro=0, balance_micro=1, leaf=f"leaf {worker.pk}",
    )  # fmt: skip


def test_the_salts_of_her_statements_are_destroyed_and_nobody_elses(her):
    period, other = _period(), Worker.objects.exclude(person=her).first()
    for worker in (her.worker, other):
        _statement(period, worker)
    paid_out(her)
    erase_person(her)
    outbox.drain()
    hers, theirs = Statement.objects.get(worker=her.worker), Statement.objects.get(worker=other)
    assert (hers.salt, hers.pseudonym, hers.leaf) == ("", "", f"leaf {her.worker.pk}")
    assert (theirs.salt, theirs.pseudonym) == ("s", "p")


def test_the_only_owner_of_others_stays(her):
    paid_out(her)
    organisation = create_organisation(her, "Umuthi")
    Membership.objects.create(organisation=organisation, person=Person.objects.create_user(email="m@example.org"))
    with pytest.raises(DomainError, match="only owner"):
        erase_person(her)
    assert Person.objects.get(pk=her.pk).is_active


def test_the_page_asks_for_the_word_and_signs_out(client, her):
    client.force_login(her)
    paid_out(her)
    assert client.post("/console/account/", {"confirm": "yes"}).status_code == 400
    assert Person.objects.get(pk=her.pk).is_active
    exported = client.get("/console/account/export/")
    assert CANARIES[0] in b"".join(exported.streaming_content).decode()
    assert client.post("/console/account/", {"confirm": "erase"}).url == "/"
    assert client.get("/console/").status_code == 302
    assert not Person.objects.get(pk=her.pk).is_active


def test_her_data_are_kept_by_nobody_on_the_way_and_taken_a_few_times_a_day(client, her):
    client.force_login(her)
    for _ in range(5):
        reply = client.get("/console/account/export/")
        assert (reply.status_code, "no-store" in reply["Cache-Control"]) == (200, True)
    refused = client.get("/console/account/export/")
    assert (refused.status_code, "5 times in a day" in refused.content.decode()) == (429, True)
    with time_machine.travel(timezone.now() + timedelta(days=1, minutes=1)):
        client.force_login(her)
        assert client.get("/console/account/export/").status_code == 200
