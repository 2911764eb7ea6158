"""A password is taken as it was typed, as long as she likes, without our name in it; a new one goes round no second factor."""

import json
import re

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.contrib.auth.password_validation import validate_password
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client

from people.models import Person

pytestmark = pytest.mark.django_db
API, HER = "/_allauth/browser/v1", "thandi@example.org"


def post(client: Client, path: str, **body):
    return client.post(API + path, json.dumps(body), content_type="application/json")


@pytest.mark.parametrize("password", ["Ilima-2031-harvest", "my umuthi-labels key", "xxILIMAxx 99 trees"])
def test_no_password_holds_our_name(password, settings):
    settings.PUBLIC_URL = "https://umuthi-labels.example.org"
    with pytest.raises(ValidationError, match="name of this site"):
        validate_password(password)


def test_a_short_part_of_our_address_forbids_nothing(settings):
    settings.PUBLIC_URL = "https://www.an.example"
    validate_password("an ordinary www phrase of trees")


@pytest.mark.parametrize(
    "password",
    [
        "  spaces at both ends  ",
        "CaSe counts HeRe",
        "p" * 30 + " phrase of " + "q" * 90,
        "ukudla \u0142\u00f3d\u017a \U0001f333 trees",
    ],
)
def test_it_is_checked_as_it_was_typed(password):
    her = Person.objects.create_user(email=HER, password="the first pass phrase")
    client = Client()
    assert post(client, "/auth/login", email=HER, password="the first pass phrase").status_code == 200
    change = {"current_password": "the first pass phrase", "new_password": password}
    assert post(client, "/account/password/change", **change).status_code == 200
    her.refresh_from_db()
    assert her.check_password(password)
    for wrong in {password.strip(), password.lower(), password[:72]} - {password}:
        assert post(Client(), "/auth/login", email=HER, password=wrong).status_code == 400
    assert post(Client(), "/auth/login", email=HER, password=password).status_code == 200


def test_a_new_password_by_letter_goes_round_no_second_factor():
    her = Person.objects.create_user(email=HER, password="the first pass phrase")
    totp.TOTP.activate(her, totp.generate_totp_secret())
    client = Client()
    assert post(client, "/auth/password/request", email=HER).status_code == 200
    key = re.search(r"/accounts/password/reset/key/([^/\s]+)", mail.outbox[-1].body)[1]
    reset = post(client, "/auth/password/reset", key=key, password="another long pass phrase")
    assert (reset.status_code, client.get(API + "/auth/session").status_code) == (401, 401)
    entered = post(client, "/auth/login", email=HER, password="another long pass phrase")
    assert entered.status_code == 401
    assert "mfa_authenticate" in [flow["id"] for flow in entered.json()["data"]["flows"] if flow.get("is_pending")]
