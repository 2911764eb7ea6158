"""Notices that she chose: nothing without it, one a day, none in her quiet hours, and a plain way to stop them."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.db import transaction
from django.test import Client
from django.utils import timezone

from delivery import outbox
from kernel.errors import DomainError
from labelling.batches.close_batch import close_batch
from labelling.batches.create_batch import create_batch
from labelling.batches.open_batch import open_batch
from labelling.data.add_items import add_text_item
from notices import tasks
from notices.actions.choose_notices import choose_notices, stop_notices
from notices.actions.look import note
from notices.models import Choice, Happening, Kind, Notice, PushSubscription
from notices.tasks import send_notices
from notices.what import stop_link
from people.actions.erase_person import erase_person
from people.models import Person
from people.personal_data import export_person
from tests.notices.push_server import Phone, Service, serving
from tests.worlds import opened, sentiment_world, sign_in

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 30, 10, 0, tzinfo=UTC)  # of Johannesburg: two hours ahead, the whole year
ALL = {"work": True, "money": True, "appeals": True, "time_zone": "Africa/Johannesburg"}


@pytest.fixture
def clock():
    with time_machine.travel(NOON, tick=False) as travel:
        yield travel


@pytest.fixture
def service(settings):
    there = Service()
    with serving(there) as host:
        settings.PUSH_HOSTS = [host]
        there.host = host
        yield there


@pytest.fixture
def world(clock):
    return opened(sentiment_world(items=3, workers=2))


@pytest.fixture
def her(world):
    return world.workers[0].person


def paid(person: Person) -> None:
    note(Kind.MONEY, [person.pk])


def told(service: Service, phone: Phone) -> list[dict]:
    return [phone.read(body) for path, _headers, body in service.sent if path == phone.path]


def more_work(world):
    """What was there is in the first batch already."""
    add_text_item(world.dataset, f"text of {timezone.now()}")
    batch = create_batch(world.requester, world.project, name="b2", base_micro=10_000, bonus_micro=0)
    open_batch(world.requester, batch)
    return batch


def test_nothing_without_her_asking(world, her, service):
    paid(her)
    send_notices()
    assert not Notice.objects.exists()
    assert not Happening.objects.exists(), "nor is it kept what she did not ask for"
    choose_notices(her, {"time_zone": "Africa/Johannesburg", "by": "email"})
    paid(her)
    send_notices()
    assert (service.asked, mail.outbox, Notice.objects.count()) == (0, [], 0)


def test_a_push_says_no_sum_and_opens_its_screen(world, her, service):
    phone = Phone(service.host)
    choose_notices(her, {**ALL, "by": "push"}, phone.keys)
    paid(her)
    send_notices()
    [message] = told(service, phone)
    assert message["text"] == "Your money is here."
    assert message["open"].endswith("/app/#/wallet")
    assert message["stop"] == {"label": "Stop these notices", "url": stop_link(her)}
    [(_path, headers, _body)] = service.sent
    assert 0 < int(headers["TTL"]) <= 8 * 3600, "no longer than until eight in the evening, hers"
    assert Notice.objects.get().sent_at is not None
    assert not Happening.objects.exists()


def test_in_her_language(world, her, service):
    Person.objects.filter(pk=her.pk).update(language="zu")
    phone = Phone(service.host)
    choose_notices(her, {**ALL, "by": "push"}, phone.keys)
    paid(her)
    send_notices()
    [message] = told(service, phone)
    assert message["text"] not in ("", "Your money is here.")
    assert message["stop"]["label"] != "Stop these notices"


def test_several_things_of_a_day_are_one_notice_and_there_is_one_a_day(world, her, service, clock):
    phone = Phone(service.host)
    choose_notices(her, {**ALL, "by": "push"}, phone.keys)
    clock.shift(60)
    more_work(world)
    paid(her)
    send_notices()
    assert [one["text"] for one in told(service, phone)] == ["Your money is here. Work of your kind is there."]
    for _hour in range(8):
        clock.shift(3600)
        paid(her)
        more_work(world)
        send_notices()
    assert len(service.sent) == 1, "the rest of the day is quiet"
    clock.move_to(NOON + timedelta(days=1))
    send_notices()
    assert len(service.sent) == 2
    days = Notice.objects.values_list("day", flat=True)
    assert len(set(days)) == len(days) == 2


def test_midnight_or_a_journey_makes_no_second_one(her, service, clock):
    phone = Phone(service.host)
    choose_notices(her, {**ALL, "by": "push", "quiet_from": 0, "quiet_until": 0}, phone.keys)
    clock.move_to(datetime(2026, 11, 30, 21, 50, tzinfo=UTC))
    paid(her)
    send_notices()
    clock.shift(1200)  # past midnight
    choose_notices(her, {"time_zone": "Asia/Taipei"})
    paid(her)
    send_notices()
    assert len(service.sent) == 1


@pytest.mark.parametrize(
    ("quiet", "at", "wakes"),
    [
        ((20, 8), datetime(2026, 11, 30, 19, 0, tzinfo=UTC), datetime(2026, 12, 1, 6, 0, tzinfo=UTC)),
        ((20, 8), datetime(2026, 11, 30, 3, 0, tzinfo=UTC), datetime(2026, 11, 30, 6, 0, tzinfo=UTC)),
        ((12, 14), datetime(2026, 11, 30, 10, 30, tzinfo=UTC), datetime(2026, 11, 30, 12, 0, tzinfo=UTC)),
    ],
)
def test_what_happens_in_quiet_hours_is_told_when_they_end(her, service, clock, quiet, at, wakes):
    phone = Phone(service.host)
    choose_notices(her, {**ALL, "by": "push", "quiet_from": quiet[0], "quiet_until": quiet[1]}, phone.keys)
    clock.move_to(at)
    paid(her)
    send_notices()
    clock.move_to(wakes - timedelta(minutes=1))
    send_notices()
    assert service.sent == []
    clock.move_to(wakes)
    send_notices()
    assert len(told(service, phone)) == 1


def test_quiet_hours_follow_the_clocks_of_her_country(clock):
    """In spring the clocks of Paris go on by an hour: eight stays eight."""
    choice = Choice(quiet_from=20, quiet_until=8, time_zone="Europe/Paris", chosen_at=NOON)
    assert choice.quiet_ends(datetime(2026, 3, 28, 22, 0, tzinfo=UTC)) == datetime(2026, 3, 29, 6, 0, tzinfo=UTC)
    assert choice.quiet_ends(datetime(2026, 3, 27, 22, 0, tzinfo=UTC)) == datetime(2026, 3, 28, 7, 0, tzinfo=UTC)


def test_work_that_is_gone_by_then_is_not_announced(world, her, service, clock):
    phone = Phone(service.host)
    choose_notices(her, {**ALL, "by": "push"}, phone.keys)
    clock.move_to(datetime(2026, 11, 30, 19, 0, tzinfo=UTC))
    batch = more_work(world)
    send_notices()
    close_batch(world.requester, batch)
    clock.move_to(datetime(2026, 12, 1, 7, 0, tzinfo=UTC))
    send_notices()
    assert (service.sent, Notice.objects.count()) == ([], 0)
    more_work(world)  # control
    clock.shift(3600)
    send_notices()
    assert [one["text"] for one in told(service, phone)] == ["Work of your kind is there."]


def test_work_that_was_there_when_she_chose_is_no_news(world, her, service, clock):
    choose_notices(her, {**ALL, "by": "push"}, Phone(service.host).keys)
    clock.shift(3 * 3600)
    send_notices()
    assert service.sent == []


def test_a_phone_that_is_gone_is_forgotten(her, service):
    gone, here = Phone(service.host), Phone(service.host)
    service.gone.add(gone.path)
    choose_notices(her, {**ALL, "by": "push"}, gone.keys)
    choose_notices(her, {}, here.keys)
    paid(her)
    send_notices()
    assert len(told(service, here)) == 1
    assert list(PushSubscription.objects.values_list("endpoint", flat=True)) == [here.endpoint]


def test_retry_after_is_obeyed_and_tries_end(her, service, clock):
    phone = Phone(service.host)
    choose_notices(her, {**ALL, "by": "push"}, phone.keys)
    service.refuse = [(429, "900"), (503, "")]
    paid(her)
    send_notices()
    clock.shift(899)
    send_notices()
    assert service.asked == 1
    clock.shift(1)
    send_notices()
    assert (service.asked, service.sent) == (2, [])
    clock.shift(600)
    send_notices()
    assert len(told(service, phone)) == 1


def test_a_service_that_never_answers_is_asked_five_times_within_the_day(her, service, clock):
    choose_notices(her, {**ALL, "by": "push", "quiet_from": 0, "quiet_until": 0}, Phone(service.host).keys)
    service.refuse = [(500, "")] * 50
    paid(her)
    for _ in range(30):
        send_notices()
        clock.shift(3600)
    first = Notice.objects.order_by("pk").first()
    assert (first.attempts, first.sent_at, first.dropped_at is not None) == (5, None, True)


def test_an_address_inside_our_own_network_is_not_knocked_on(her, settings):
    """Addresses of push services are strangers'."""
    settings.PUSH_HOSTS = []
    phone = Phone("127.0.0.1:8080")
    with pytest.raises(DomainError):  # no https
        choose_notices(her, {**ALL, "by": "push"}, phone.keys)
    inside = {**phone.keys, "endpoint": "https://127.0.0.1/send/1"}
    choose_notices(her, {**ALL, "by": "push"}, inside)
    paid(her)
    send_notices()
    assert "Unsafe" in Notice.objects.get().last_error


def test_a_letter_with_a_link_that_stops_them_without_signing_in(her):
    choose_notices(her, {**ALL, "by": "email"})
    paid(her)
    send_notices()
    [letter] = mail.outbox
    assert letter.to == [her.email]
    [link] = re.findall(r"http\S+(/stop/\S+)", letter.body)
    assert letter.extra_headers["List-Unsubscribe"].endswith(f"{link}>")
    stranger = Client(enforce_csrf_checks=True)
    assert stranger.get(link).status_code == 200
    assert Choice.objects.get().kinds == [Kind.MONEY, Kind.APPEALS, Kind.WORK], "to look changes nothing"
    assert stranger.post(link, "List-Unsubscribe=One-Click", "application/x-www-form-urlencoded").status_code == 200
    assert Choice.objects.get().kinds == []
    assert stranger.post(link[:-1] + "_").status_code == 404
    paid(her)
    send_notices()
    assert len(mail.outbox) == 1


def test_one_run_at_a_time_in_a_process_so_that_a_hanging_service_keeps_no_thread_of_money(her, service):
    choose_notices(her, {**ALL, "by": "push"}, Phone(service.host).keys)
    paid(her)
    with tasks._SENDING:
        assert send_notices() == 0
    assert service.asked == 0
    assert send_notices() == 1


def test_what_waits_when_she_stops_is_not_sent(her, service, clock):
    phone = Phone(service.host)
    choose_notices(her, {**ALL, "by": "push"}, phone.keys)
    service.refuse = [(429, "60")]
    paid(her)
    send_notices()
    stop_notices(her)
    clock.shift(120)
    send_notices()
    assert (service.asked, PushSubscription.objects.count()) == (1, 0)


def test_texts_cost_no_more_a_day_than_the_operator_says(world, settings, tmp_path, clock):
    settings.NOTICES_SMS_DAY, settings.DATA_DIR = 1, tmp_path
    people = [worker.person for worker in world.workers]
    for number, person in enumerate(people):
        numbers = {"phone": f"+2783000773{number}", "phone_verified": True}
        Person.objects.filter(pk=person.pk).update(**numbers)
        person.refresh_from_db()
        choose_notices(person, {**ALL, "by": "sms"})
        paid(person)
    send_notices()
    texts = [path.read_text() for path in (tmp_path / "sms").iterdir()]
    assert len(texts) == 1
    assert "/stop/" in texts[0]
    assert Notice.objects.filter(sent_at=None, dropped_at=None, next_attempt_at__isnull=False).count() == 1
    settings.NOTICES_SMS_DAY = 0
    with pytest.raises(DomainError):
        choose_notices(people[0], {"by": "sms"})


def test_an_answered_appeal_is_not_told_twice_by_the_same_way(her, service):
    choose_notices(her, {**ALL, "by": "email"})
    note(Kind.APPEALS, [her.pk])
    send_notices()
    assert mail.outbox == [], "the letter of the appeal itself goes in any case"
    phone = Phone(service.host)
    choose_notices(her, {"by": "push"}, phone.keys)
    note(Kind.APPEALS, [her.pk])
    send_notices()
    assert [one["text"] for one in told(service, phone)] == ["An appeal about your work is answered."]


def test_events_of_the_house_become_notes(world, her):
    choose_notices(her, {**ALL, "by": "email"})
    worker = world.workers[0].pk
    with transaction.atomic():
        outbox.emit("payout.paid", {"payout": "x", "worker": worker, "amount_micro": 1, "currency": "USD"})
        outbox.emit("appeal.lost", {"ban": 0, "worker": worker})
        outbox.emit("ban.lifted", {"ban": 0, "worker": worker, "project": None, "days": []})
    outbox.drain()
    assert sorted(Happening.objects.values_list("kind", flat=True)) == ["appeals", "money"]


def test_over_http_she_sets_them_and_a_wrong_zone_is_refused(her, service):
    client, phone = sign_in(Client(), her), Phone(service.host)
    before = client.get("/api/v1/me/notices").json()
    assert [before[name] for name in ("work", "money", "appeals")] == [False] * 3
    assert before["ways"] == ["push", "email"]
    body = {"work": True, "by": "push", "quiet_from": 22, "push": phone.keys, "time_zone": "Africa/Nairobi"}
    after = client.patch("/api/v1/me/notices", json.dumps(body), "application/json")
    assert (after.status_code, after.json()["work"], after.json()["quiet_from"]) == (200, True, 22)
    for wrong in (
        {"time_zone": "Mars/Olympus"},
        {"time_zone": "../../etc/passwd"},
        {"time_zone": "Africa"},
        {"quiet_from": 24},
        {"by": "pigeon"},
        {"by": "sms"},
        {"push": {"endpoint": 7}},
        {"push": {**phone.keys, "p256dh": "AAAA"}},
    ):
        assert client.patch("/api/v1/me/notices", json.dumps(wrong), "application/json").status_code == 400, wrong
    assert client.get("/api/v1/me/notices").json() == after.json()


def test_her_data_holds_them_without_secrets_and_they_go_with_her(her, service):
    phone = Phone(service.host)
    choose_notices(her, {**ALL, "by": "push"}, phone.keys)
    paid(her)
    send_notices()
    paid(her)
    data = json.loads("".join(export_person(her)))
    assert data["notices.Choice"][0]["time_zone"] == "Africa/Johannesburg"
    assert [one["kinds"] for one in data["notices.Notice"]] == [["money"]]
    assert phone.path not in json.dumps(data)
    erase_person(her)
    for model in (Choice, PushSubscription, Happening, Notice):
        assert not model.objects.exists()
