"""An address belongs to an account once its code was typed, and not before: nobody can prepare an account for somebody else."""

import json
import re

import pytest
from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.core.context import request_context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.conf import settings
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client

from people.addresses import is_e164
from people.models import Person
from tests.worlds import sign_in

pytestmark = pytest.mark.django_db
API = "/_allauth/browser/v1"
PASSWORD, VICTIM, PHONE = "a long pass phrase", "victim@example.org", "+27821234567"


@pytest.fixture(autouse=True)
def _folder(tmp_path, settings):
    settings.DATA_DIR = tmp_path


@pytest.fixture
def mallory() -> Person:
    return Person.objects.create_user(email="mallory@example.org", password=PASSWORD)


def call(client: Client, method: str, path: str, **body):
    return client.generic(method, API + path, json.dumps(body), content_type="application/json")


def entered(person: Person) -> Client:
    """Signed in with her password and once more for what matters, as whoever has it can be: through the API."""
    client = Client()
    assert call(client, "POST", "/auth/login", email=person.email, password=PASSWORD).status_code == 200
    assert call(client, "POST", "/auth/reauthenticate", password=PASSWORD).status_code == 200
    return client


def mailed_code(to: str) -> str:
    [message] = [one for one in mail.outbox if one.to == [to]][-1:]
    return re.search(r"^\s*([A-Z0-9]{3,}-?[A-Z0-9]{3,})\s*$", message.body, re.MULTILINE).group(1)


def texted(phone: str) -> list[str]:
    return (settings.DATA_DIR / "sms" / f"{phone[1:]}.txt").read_text().splitlines()


def addresses_of(person: Person) -> list[tuple[str, bool, bool]]:
    return list(EmailAddress.objects.filter(user=person).values_list("email", "verified", "primary"))


def test_an_account_cannot_be_prepared_for_the_owner_of_an_address(mallory):
    """Pre-hijacking: Mallory adds the victim's address and makes it hers; the victim's own code then opened Mallory's account."""
    attacker = entered(mallory)
    assert call(attacker, "POST", "/account/email", email=VICTIM).status_code == 200
    assert call(attacker, "PATCH", "/account/email", email=VICTIM, primary=True).status_code == 400
    assert addresses_of(mallory) == [("mallory@example.org", True, True)]
    mallory.refresh_from_db()
    assert mallory.email == "mallory@example.org"
    victim = Client()
    assert call(victim, "POST", "/auth/code/request", email=VICTIM).status_code == 401
    assert mail.outbox[-1].subject != "Ilima: Sign-In Code"  # there is no account to sign in to
    assert call(victim, "POST", "/auth/signup", email=VICTIM).status_code == 401
    assert call(victim, "POST", "/auth/code/confirm", code=mailed_code(VICTIM)).status_code == 200
    assert victim.get(API + "/auth/session").json()["data"]["user"]["email"] == VICTIM
    assert Person.objects.get(email=VICTIM).pk != mallory.pk


def test_a_new_address_takes_the_place_of_the_old_with_its_code_and_the_old_hears_of_it(mallory):
    client = entered(mallory)
    assert call(client, "POST", "/account/email", email="new@example.org").status_code == 200
    assert call(client, "POST", "/auth/email/verify", key="WRONG-CODE").status_code == 400
    assert addresses_of(mallory) == [("mallory@example.org", True, True)]
    assert call(client, "POST", "/auth/email/verify", key=mailed_code("new@example.org")).status_code == 200
    assert addresses_of(mallory) == [("new@example.org", True, True)]
    mallory.refresh_from_db()
    assert mallory.email == "new@example.org"
    assert ["mallory@example.org"] in [one.to for one in mail.outbox]
    assert call(Client(), "POST", "/auth/login", email="mallory@example.org", password=PASSWORD).status_code == 400


def test_an_address_of_somebody_else_reads_as_a_free_one_and_no_code_leaves(mallory):
    Person.objects.create_user(email=VICTIM)
    free = call(entered(mallory), "POST", "/account/email", email="free@example.org")
    other = entered(mallory)
    taken = call(other, "POST", "/account/email", email=VICTIM)
    assert (taken.status_code, len(taken.json()["data"])) == (free.status_code, len(free.json()["data"]))
    [word] = [one for one in mail.outbox if one.to == [VICTIM]]
    assert not re.search(r"[A-Z]{4}-[A-Z]{4}", word.body)
    assert call(other, "PATCH", "/account/email", email=VICTIM, primary=True).status_code == 400  # it was a 500
    assert addresses_of(mallory) == [("mallory@example.org", True, True)]


def test_an_unproved_address_does_not_sign_in_by_password(mallory):
    """What an older version left behind: the code comes first, then it is proved."""
    EmailAddress.objects.filter(user=mallory).update(verified=False)
    client = Client()
    asked = call(client, "POST", "/auth/login", email=mallory.email, password=PASSWORD)
    assert asked.status_code == 401
    assert client.get(API + "/auth/session").status_code == 401
    assert call(client, "POST", "/auth/code/confirm", code=mailed_code(mallory.email)).status_code == 200
    assert addresses_of(mallory) == [("mallory@example.org", True, True)]


def test_the_database_holds_it_too(mallory):
    """The control: as an older version wrote it, straight into the tables."""
    entered(mallory)
    with pytest.raises(IntegrityError, match="once its code was typed"), transaction.atomic():
        EmailAddress.objects.create(user=mallory, email=VICTIM, verified=False, primary=False)
    with pytest.raises(IntegrityError, match="one whose code was typed"), transaction.atomic():
        Person.objects.filter(pk=mallory.pk).update(email=VICTIM)


def test_the_only_way_in_is_not_removed_and_two_without_address_are_two(mallory):
    client = entered(mallory)
    assert call(client, "DELETE", "/account/email", email=mallory.email).status_code == 400
    for n in range(2):
        person = Person.objects.create_user(email=f"p{n}@example.org", phone=f"+2782123456{n}", phone_verified=True)
        signed = sign_in(Client(), person)
        assert call(signed, "DELETE", "/account/email", email=person.email).status_code == 200
        person.refresh_from_db()
        assert person.email is None


def test_a_phone_is_changed_by_code_and_the_old_one_hears_of_it(mallory):
    Person.objects.filter(pk=mallory.pk).update(phone=PHONE, phone_verified=True)
    client, new = entered(mallory), "+27820000009"
    assert call(client, "POST", "/account/phone", phone=new).status_code == 202
    mallory.refresh_from_db()
    assert (mallory.phone, mallory.phone_verified) == (PHONE, True)
    assert call(client, "POST", "/auth/phone/verify", code=texted(new)[-1].split()[0]).status_code == 200
    mallory.refresh_from_db()
    assert mallory.phone == new
    assert "…0009" in texted(PHONE)[-1]
    assert mail.outbox[-1].to == ["mallory@example.org"]


def test_a_number_that_was_taken_meanwhile_stays_with_who_was_first(mallory):
    client = entered(mallory)
    call(client, "POST", "/account/phone", phone=PHONE)
    Person.objects.create_user(phone=PHONE, phone_verified=True)
    refused = call(client, "POST", "/auth/phone/verify", code=texted(PHONE)[-1].split()[0])
    assert refused.status_code == 400
    mallory.refresh_from_db()
    assert mallory.phone is None


def test_two_codes_for_one_number_at_once_are_no_fault_of_ours(mallory, rf):
    """Between allauth's look at the number and the writing of it somebody else was faster."""
    Person.objects.create_user(phone=PHONE, phone_verified=True)
    request = rf.post("/")
    with request_context(request), pytest.raises(ImmediateHttpResponse) as refused:
        get_adapter(request).set_phone_verified(mallory, PHONE)
    assert (refused.value.response.status_code, mallory.phone) == (400, None)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/account/email", {"email": "new@example.org"}),
        ("POST", "/account/phone", {"phone": "+27820000009"}),
        ("GET", "/account/authenticators/webauthn", {}),
    ],
)
@pytest.mark.parametrize("password", [PASSWORD, None])
def test_a_session_left_open_adds_no_way_in(method, path, body, password):
    """Also for who has no password: allauth would let her through."""
    person = Person.objects.create_user(email="thandi@example.org", password=password)
    client = Client()
    client.force_login(person)  # signed in at some time, not lately
    assert call(client, method, path, **body).status_code == 401
    assert addresses_of(person) == [("thandi@example.org", True, True)]
    assert mail.outbox == []


@pytest.mark.parametrize("password", [PASSWORD, None])
def test_a_session_left_open_adds_no_second_factor(password):
    person = Person.objects.create_user(email="thandi@example.org", password=password)
    client = Client()
    client.force_login(person)
    secret = call(client, "GET", "/account/authenticators/totp").json()["meta"]["secret"]
    code = format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))
    assert call(client, "POST", "/account/authenticators/totp", code=code).status_code == 401
    assert not Authenticator.objects.exists()


def test_the_web_page_changes_an_address_by_code(mallory):
    client = sign_in(Client(), mallory)
    sent = client.post("/accounts/email/", {"email": "new@example.org", "action_add": ""})
    assert sent.url == "/accounts/confirm-email/"
    assert b"new@example.org" in client.get("/accounts/email/").content
    client.post("/accounts/confirm-email/", {"code": mailed_code("new@example.org"), "action": "verify"})
    assert addresses_of(mallory) == [("new@example.org", True, True)]


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("+27821234567", True),
        ("+२७८२१२३४५६७", False),
        ("27821234567", False),
        ("+0821234567", False),
        ("+27821234567\n", False),
    ],
)
def test_a_rail_gets_numbers_as_we_write_them_and_in_no_other_digits(text, fits):
    assert is_e164(text) is fits
