"""Signing up and in through HTTP, as the phone app (headless) and as a browser."""

import json
import re

import pytest
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.test import Client

from people.models import Organisation, Person

pytestmark = pytest.mark.django_db
API = "/_allauth/browser/v1"
PHONE = "+27821234567"


@pytest.fixture(autouse=True)
def _empty_cache(tmp_path, settings):
    settings.DATA_DIR = tmp_path
    cache.clear()
    yield
    cache.clear()


def post(client: Client, path: str, **body):
    return client.post(API + path, json.dumps(body), content_type="application/json")


def pending(response) -> list[str]:
    return [flow["id"] for flow in response.json()["data"]["flows"] if flow.get("is_pending")]


def mailed_code() -> str:
    return re.search(r"^\s*([A-Z0-9]{3,}-?[A-Z0-9]{3,})\s*$", mail.outbox[-1].body, re.MULTILINE).group(1)


def texted_code(phone: str = PHONE) -> str:
    lines = (settings.DATA_DIR / "sms" / f"{phone[1:]}.txt").read_text().splitlines()
    return lines[-1].split()[0]


def signed_in(client: Client) -> bool:
    return client.get(API + "/auth/session").status_code == 200


def test_phone_sign_up_opens_with_the_code_and_makes_a_worker(client):
    response = post(client, "/auth/signup", phone=PHONE, display_name="Sipho", language="zu")
    assert (response.status_code, pending(response)) == (401, ["verify_phone"])
    assert not signed_in(client)
    assert post(client, "/auth/phone/verify", code="WRONG-CODE").status_code == 400
    assert post(client, "/auth/phone/verify", code=texted_code()).status_code == 200
    person = Person.objects.get(phone=PHONE)
    assert (person.phone_verified, person.language, person.display_name) == (True, "zu", "Sipho")
    assert person.worker.pseudonym.startswith("w")
    assert signed_in(client)


def test_many_people_have_a_phone_and_no_e_mail_address():
    for n in range(2):
        phone = f"{PHONE[:-1]}{n}"
        client = Client()
        post(client, "/auth/signup", phone=phone)
        assert post(client, "/auth/phone/verify", code=texted_code(phone)).status_code == 200
    assert list(Person.objects.values_list("email", flat=True)) == [None, None]


def test_email_sign_up_opens_only_with_the_mailed_code(client):
    response = post(client, "/auth/signup", email="Lindiwe@example.org")
    assert (response.status_code, pending(response)) == (401, ["login_by_code"])
    assert not signed_in(client)
    assert post(client, "/auth/code/confirm", code=mailed_code()).status_code == 200
    assert signed_in(client)
    assert Person.objects.get().emailaddress_set.get().verified


def test_a_known_person_signs_in_with_a_code(client):
    Person.objects.create_user(phone=PHONE, phone_verified=True)
    response = post(client, "/auth/code/request", phone=PHONE)
    assert pending(response) == ["login_by_code"]
    assert post(client, "/auth/code/confirm", code=texted_code()).status_code == 200
    assert signed_in(client)


def test_a_password_signs_in_by_phone_and_by_email(client):
    Person.objects.create_user(email="a@example.org", phone=PHONE, phone_verified=True, password="a long pass phrase")
    for address in ({"email": "a@example.org"}, {"phone": PHONE}):
        other = Client()
        assert post(other, "/auth/login", password="wrong", **address).status_code == 400
        assert not signed_in(other)
        assert post(other, "/auth/login", password="a long pass phrase", **address).status_code == 200
        assert signed_in(other)


def test_sign_up_with_a_known_address_reads_the_same_and_changes_nothing(client):
    Person.objects.create_user(email="known@example.org")
    known = post(client, "/auth/signup", email="known@example.org")
    new = post(Client(), "/auth/signup", email="new@example.org")
    assert known.json() == new.json()
    assert known.status_code == new.status_code == 401
    assert Person.objects.filter(email="known@example.org").count() == 1


@pytest.mark.parametrize("body", [{}, {"email": "a@example.org", "phone": PHONE}, {"phone": "0821"}])
def test_sign_up_asks_for_exactly_one_good_address(client, body):
    assert post(client, "/auth/signup", **body).status_code == 400
    assert not Person.objects.exists()


def test_sign_up_reads_a_number_as_she_dials_it(client):
    assert post(client, "/auth/signup", phone="082 123 4567").status_code == 401  # the code is on its way
    assert Person.objects.get().phone == "+27821234567"


def test_the_web_page_makes_an_organisation_and_no_worker(client):
    data = {"email": "req@example.org", "display_name": "Req", "organisation": "Umuthi"}
    assert client.post("/accounts/signup/", data).status_code == 302
    client.post("/accounts/login/code/confirm/", {"code": mailed_code()})
    assert signed_in(client)
    organisation = Organisation.objects.get()
    assert organisation.memberships.get().person.email == "req@example.org"
    assert not hasattr(Person.objects.get(), "worker")


def test_the_sixth_code_in_an_hour_is_refused_with_its_waiting_time(client):
    Person.objects.create_user(phone=PHONE)
    for _ in range(5):
        assert post(Client(), "/auth/code/request", phone=PHONE).status_code == 401
    refused = post(Client(), "/auth/code/request", phone=PHONE)
    assert refused.status_code == 429
    assert 3500 <= int(refused["Retry-After"]) <= 3600
    assert len((settings.DATA_DIR / "sms" / f"{PHONE[1:]}.txt").read_text().splitlines()) == 5
    page = Client().post("/accounts/login/code/", {"phone": PHONE})
    assert page.status_code == 429
    assert page["Retry-After"]


def test_an_unknown_number_costs_the_same_and_gets_no_message(client):
    for _ in range(5):
        assert post(Client(), "/auth/code/request", phone=PHONE).status_code == 401
    assert post(Client(), "/auth/code/request", phone=PHONE).status_code == 429
    assert not (settings.DATA_DIR / "sms").exists()


def test_the_web_page_signs_in_with_a_password_or_sends_a_code(client):
    Person.objects.create_user(email="a@example.org", password="a long pass phrase")
    wrong = client.post("/accounts/login/", {"login": "a@example.org", "password": "no"})
    assert wrong.status_code == 200
    assert not signed_in(client)
    assert (
        client.post("/accounts/login/", {"login": "a@example.org", "password": "a long pass phrase"}).status_code == 302
    )
    assert signed_in(client)
    other = Client()
    assert other.post("/accounts/login/", {"login": "a@example.org"}).url == "/accounts/login/code/confirm/"
    assert other.post("/accounts/login/code/confirm/", {"code": mailed_code()}).status_code == 302
    assert signed_in(other)


def test_the_web_page_understands_a_phone_number_as_typed(client):
    Person.objects.create_user(phone=PHONE, phone_verified=True)
    assert client.post("/accounts/login/", {"login": "+27 82 123-4567"}).url == "/accounts/login/code/confirm/"
    client.post("/accounts/login/code/confirm/", {"code": texted_code()})
    assert signed_in(client)
