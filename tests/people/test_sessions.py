"""Sessions are listed, end when they are left alone or ended, and leave their trace; who decides about others shows a second factor."""

import json
import time
from datetime import timedelta

import pytest
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import decrypt
from django.core import mail
from django.core.management import CommandError, call_command
from django.http import HttpRequest
from django.test import Client
from django.urls import reverse

from people.actions.create_organisation import create_organisation
from people.actions.make_token import make_token
from people.models import AuditEntry, Lasting, Person
from people.personal_data import export_person
from tests.worlds import make_worker, sign_in

pytestmark = pytest.mark.django_db
API, PASSWORD = "/_allauth/browser/v1", "a long pass phrase"


@pytest.fixture
def her() -> Person:
    return Person.objects.create_user(email="thandi@example.org", password=PASSWORD)


def entered(person: Person) -> Client:
    client = Client()
    sent = json.dumps({"email": person.email, "password": PASSWORD})
    assert client.post(API + "/auth/login", sent, content_type="application/json").status_code == 200
    return client


def entered_with_app(person: Person) -> Client:
    client = Client()
    sent = json.dumps({"email": person.email, "password": PASSWORD})
    assert client.post(API + "/auth/login", sent, content_type="application/json").status_code == 401
    secret = totp.TOTP(Authenticator.objects.get(user=person, type="totp"))
    code = totp.format_hotp_value(
        totp.hotp_value(decrypt(secret.instance.data["secret"]), next(totp.yield_hotp_counters_from_time()))
    )
    sent = json.dumps({"code": code})
    assert client.post(API + "/auth/2fa/authenticate", sent, content_type="application/json").status_code == 200
    return client


def signed_in(client: Client) -> bool:
    return client.get(API + "/auth/session").status_code == 200


def actions() -> list[str]:
    return list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))


def test_signing_out_everywhere_ends_the_others_and_the_tokens(her):
    here, there = entered(her), entered(her)
    program = Client(headers={"Authorization": f"Bearer {make_token(her, 'x', ['work'])[1]}"})
    assert here.get(reverse("usersessions_list")).content.decode().count("127.0.0.1") == 2
    here.post(reverse("usersessions_list"))
    assert (signed_in(here), signed_in(there), program.get("/api/v1/me").status_code) == (True, False, 401)
    assert {"people.end_sessions", "people.end_tokens"} <= set(actions())


def test_one_session_is_ended_through_the_api_and_the_others_stay(her):
    here, there, third = entered(her), entered(her), entered(her)
    listed = here.get(API + "/auth/sessions").json()["data"]
    gone = [one["id"] for one in listed if not one["is_current"]][:1]
    here.delete(API + "/auth/sessions", json.dumps({"sessions": gone}), content_type="application/json")
    assert [signed_in(one) for one in (here, there, third)].count(True) == 2


def test_a_session_that_was_left_open_ends_no_other(her):
    """Who found her phone does not shut her out of the one that she holds."""
    here, there = entered(her), entered(her)
    session = here.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time() - 3600}]
    session.save()
    listed = here.get(API + "/auth/sessions").json()["data"]
    gone = [one["id"] for one in listed if not one["is_current"]]
    body = json.dumps({"sessions": gone})
    assert here.delete(API + "/auth/sessions", body, content_type="application/json").status_code == 401
    assert here.post(reverse("usersessions_list")).status_code == 302
    assert (signed_in(here), signed_in(there)) == (True, True)
    again = json.dumps({"password": PASSWORD})
    assert here.post(API + "/auth/reauthenticate", again, content_type="application/json").status_code == 200
    assert here.delete(API + "/auth/sessions", body, content_type="application/json").status_code == 200
    assert (signed_in(here), signed_in(there)) == (True, False)


def test_an_admin_ends_all_that_stands_open_for_a_worker():
    worker, admin = make_worker("thandi"), role("admin")
    worker.person.set_password(PASSWORD)
    worker.person.save()
    phone, program = (
        entered(worker.person),
        Client(headers={"Authorization": f"Bearer {make_token(worker.person, 'x', ['work'])[1]}"}),
    )
    sign_in(Client(), admin).post(reverse("console:end_sessions", args=[worker.pk]))
    assert (signed_in(phone), program.get("/api/v1/me").status_code) == (False, 401)
    assert AuditEntry.objects.get(action="people.end_sessions", actor=admin).detail == {"sessions": 1}


def test_a_lost_second_factor_is_removed_by_another_admin_and_she_is_written_to(
    her, django_capture_on_commit_callbacks
):
    admin = role("admin")
    totp.TOTP.activate(her, totp.generate_totp_secret())
    client = entered_with_app(her)
    with pytest.raises(CommandError, match="Only an admin"):
        call_command("remove_factors", her.email, by=her.email)
    with django_capture_on_commit_callbacks(execute=True):
        call_command("remove_factors", her.email, by=admin.email)
    assert not Authenticator.objects.filter(user=her).exists()
    assert not signed_in(client)
    assert [one.to for one in mail.outbox if "second factor" in one.subject] == [[her.email]]
    assert AuditEntry.objects.filter(action="people.remove_factors", actor=admin).exists()
    with pytest.raises(CommandError, match="her own"):
        call_command("remove_factors", admin.email, by=admin.email)


@pytest.mark.parametrize(
    ("staff", "alone", "stays"),
    [
        (False, timedelta(days=13), True),
        (False, timedelta(days=15), False),
        (True, timedelta(hours=11), True),
        (True, timedelta(hours=13), False),
    ],
)
def test_a_session_that_is_left_alone_ends(her, staff, alone, stays):
    Person.objects.filter(pk=her.pk).update(is_staff=staff)
    client = entered(her)
    session = client.session
    session["seen_s"] = time.time() - alone.total_seconds()
    session.save()
    assert signed_in(client) is stays
    assert signed_in(client) is stays  # the look itself was a use


def test_the_session_of_an_admin_is_shorter_whatever_she_does(her):
    def days(client: Client) -> int:
        return round(client.session.get_expiry_age() / 86_400)

    assert days(entered(her)) == 60
    Person.objects.filter(pk=her.pk).update(is_reviewer=True)
    assert days(entered(her)) == 7


def test_the_export_holds_no_key_of_a_session(her):
    client = entered(her)
    assert client.session.session_key not in "".join(export_person(her))


def test_coming_and_going_and_failing_is_in_the_log_without_the_secret(her):
    client = entered(her)
    client.delete(API + "/auth/session")
    for _ in range(3):
        wrong = json.dumps({"email": her.email, "password": "not this one"})
        Client().post(API + "/auth/login", wrong, content_type="application/json")
    assert actions() == ["people.sign_in", "people.sign_out", "people.wrong_password"]
    assert "not this one" not in str(list(AuditEntry.objects.values_list("detail", flat=True)))


def test_a_flood_is_a_number_and_not_a_row_each(her):
    from people.audit import record_often

    for _ in range(250):
        record_often("people.wrong_password", "", "one stranger")
    assert [entry.detail["times"] for entry in AuditEntry.objects.order_by("pk")] == [1, 10, 100]


# --- the second factor ---


@pytest.fixture
def asked(settings):
    settings.SECOND_FACTOR_REQUIRED = True


def shown(client: Client, person: Person) -> Client:
    request = HttpRequest()
    request.session = client.session
    record_authentication(request, person, method="mfa", type="totp")
    request.session.save()
    return client


def role(name: str) -> Person:
    person = Person.objects.create_user(email=f"{name}@example.org", display_name=name)
    if name == "owner":
        create_organisation(person, "Acme")
    Person.objects.filter(pk=person.pk).update(is_staff=name == "admin", is_superuser=name == "admin")
    Person.objects.filter(pk=person.pk).update(is_reviewer=name == "reviewer")
    return Person.objects.get(pk=person.pk)


def test_what_lies_in_the_table_makes_no_code(her):
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(her, secret)
    assert signed_in(entered_with_app(her))
    Lasting.objects.all().delete()  # the code of this moment was used
    codes = RecoveryCodes.activate(her).get_unused_codes()
    kept = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in kept
    assert kept.count("sealed:") == 2
    again = RecoveryCodes(Authenticator.objects.get(user=her, type="recovery_codes"))
    assert len(codes) > 5
    assert again.get_unused_codes() == codes
    Authenticator.objects.filter(type="totp").update(data={"secret": secret})  # of before it was sealed
    assert signed_in(entered_with_app(her))


DOORS = {"owner": "console:organisations", "admin": "admin:index", "reviewer": "console:reviews"}


@pytest.mark.parametrize("name", DOORS)
def test_who_decides_about_others_sets_one_up_first_and_shows_it_then(asked, name):
    person, door = role(name), reverse(DOORS[name])
    client = sign_in(Client(), person)
    assert client.get(door).url == reverse("mfa_index")
    assert client.get(reverse("mfa_index")).status_code == 200
    refused = client.get("/api/v1/projects")
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "second_factor")
    Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={"secret": "x"})
    assert client.get(door).url.startswith(reverse("mfa_reauthenticate"))
    assert shown(client, person).get(door, follow=True).status_code == 200
    assert client.get("/api/v1/projects").status_code == 200


def test_a_passkey_that_was_not_shown_in_this_session_is_asked_for(asked):
    person = role("owner")
    Authenticator.objects.create(user=person, type=Authenticator.Type.WEBAUTHN, data={})
    client = sign_in(Client(), person)
    assert client.get(reverse("console:home")).url.startswith(reverse("mfa_reauthenticate_webauthn"))


def test_her_own_work_money_and_data_stay_open_without_one(asked):
    worker = make_worker("thandi")
    create_organisation(worker.person, "Acme")
    client = sign_in(Client(), worker.person)
    for path in (
        "/api/v1/me",
        "/api/v1/work/batches",
        "/api/v1/wallet/lines",
        "/console/account/",
        "/console/account/export/",
    ):
        assert client.get(path).status_code == 200, path


def test_nobody_else_is_asked(asked):
    worker = make_worker("thandi")
    assert sign_in(Client(), worker.person).get(reverse("console:home")).status_code == 200


def test_every_door_of_the_console_and_the_admin_is_behind_it(asked):
    """Not a list of doors: whatever is added there is behind it, too."""
    from people.second_factor import HERS
    from tests.security.doors import doors

    client = sign_in(Client(raise_request_exception=False), role("admin"))
    open_, tried = [], 0
    for door in doors():
        if door.parameters or not door.name.startswith(("console:", "admin:")) or "GET" not in door.methods:
            continue
        path = reverse(door.name)
        if path.startswith(("/console/", "/admin/")) and not path.startswith(HERS):
            tried += 1
            open_ += [door.name] if client.get(path).status_code != 302 else []
    assert (open_, tried > 10) == ([], True)
