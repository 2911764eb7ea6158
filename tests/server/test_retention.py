"""What is kept for a time only goes when its time is over, in short statements; what proof and law need stays for ever."""

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone

from delivery import outbox
from delivery.models import OutboxEvent, WebhookDelivery, WebhookEndpoint
from labelling.models import Answer, Lease, RefusedRow, Settlement, Upload
from labelling.work.accept_answers import accept_answers
from labelling.work.draw_work import draw_work
from ledger.models import Leg, Transfer
from notices.models import Notice
from payouts.models import ProviderEvent
from people.models import AuditEntry, Person
from server import retention
from server.retention import RULES, forget_old
from tests.formats.worlds import new_dataset
from tests.worlds import answer_to, opened, sentiment_world

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def ago(rule: str, minutes: int) -> object:
    """So many minutes before (or, negative, after) the time of the rule is over."""
    return timezone.now() - timedelta(days=settings.KEPT_DAYS[rule], minutes=minutes)


def events(count: int, delivered_at) -> list[int]:
    made = OutboxEvent.objects.bulk_create(
        OutboxEvent(name="x.y", payload={}, delivered_at=delivered_at) for _ in range(count)
    )
    return [one.pk for one in made]


def test_events_go_when_they_were_delivered_long_ago_and_never_before_they_were():
    old, waiting, young = events(3, ago("outbox", 1)), events(1, None), events(2, ago("outbox", -1))
    events(2, ago("outbox", 1))
    OutboxEvent.objects.filter(pk__in=waiting).update(created_at=NOW - timedelta(days=900))
    assert forget_old()["outbox"] == 5
    assert sorted(OutboxEvent.objects.filter(name="x.y").values_list("pk", flat=True)) == sorted(waiting + young)
    assert old


def test_deliveries_callbacks_refused_rows_and_sessions_go_by_their_own_time(client):
    endpoint = WebhookEndpoint.objects.create(organisation_id=1, url="https://example.org/", secret="whsec_x")
    upload = Upload.objects.create(dataset=new_dataset(), kind="csv", file_name="a.csv", sha256="x", state="done")
    person = Person.objects.create_user(email="p@example.org")
    client.force_login(person)
    key = client.session.session_key
    UserSession.objects.update_or_create(session_key=key, defaults={"user": person, "ip": "127.0.0.1"})

    def stand(minutes: int) -> None:
        one = WebhookDelivery.objects.create(endpoint=endpoint, message_id=f"m{minutes}", body="{}")
        WebhookDelivery.objects.filter(pk=one.pk).update(created_at=ago("webhooks", minutes))
        two = ProviderEvent.objects.create(provider="simulated", sha256=f"{minutes}", headers={}, raw=b"")
        ProviderEvent.objects.filter(pk=two.pk).update(received_at=ago("callbacks", minutes))
        RefusedRow.objects.all().delete()
        RefusedRow.objects.create(upload=upload, row=1, field="text", reason="empty")
        Upload.objects.filter(pk=upload.pk).update(finished_at=ago("refused_rows", minutes))
        Session.objects.filter(pk=key).update(expire_date=ago("sessions", minutes))
        told = Notice.objects.create(
            person=person, day=NOW.date() - timedelta(days=minutes), kinds=["money"], by="email"
        )
        Notice.objects.filter(pk=told.pk).update(made_at=ago("notices", minutes))

    stand(-1)
    assert set(forget_old().values()) == {0}
    stand(1)
    assert forget_old() == {"outbox": 0, "webhooks": 1, "callbacks": 1, "refused_rows": 1, "sessions": 1, "notices": 1}
    assert (WebhookDelivery.objects.count(), ProviderEvent.objects.count(), RefusedRow.objects.count()) == (1, 1, 0)
    assert (Session.objects.count(), UserSession.objects.count(), Upload.objects.count()) == (0, 0, 1)


def test_what_proof_and_law_need_stays(monkeypatch):
    """Even if nothing else were kept for a day."""
    monkeypatch.setattr(settings, "KEPT_DAYS", dict.fromkeys(settings.KEPT_DAYS, -1))
    world = opened(sentiment_world(items=3, workers=2))
    for worker in world.workers:
        accept_answers(worker, [answer_to(one, {"label": "good"}) for one in draw_work(worker, world.batch, 3)])
    outbox.drain()
    kept = (Answer, Settlement, Lease, Transfer, Leg, AuditEntry)
    before = [model.objects.count() for model in kept]
    assert min(before) > 0
    assert forget_old()["outbox"] > 0
    assert [model.objects.count() for model in kept] == before


def test_no_statement_is_long_however_much_there_is(monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(retention, "ROWS", 100)
    events(950, ago("outbox", 1))
    with django_assert_num_queries(11 + len(RULES) - 1):
        assert forget_old()["outbox"] == 950
    monkeypatch.setattr(retention, "MAX_S", -1)
    events(950, ago("outbox", 1))
    assert forget_old()["outbox"] == 100


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.days)
def test_each_looks_through_an_index(rule):
    """With more rows than it would read of them; the uploads are few and read whole."""
    events(3_000, timezone.now())
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {rule.sql}", {"before": timezone.now(), "rows": 100})
        plan = "\n".join(line for (line,) in cursor.fetchall())
    read_whole = {line.split(" on ")[1].split()[0] for line in plan.splitlines() if "Seq Scan on" in line}
    assert read_whole <= {"labelling_upload"}, plan
