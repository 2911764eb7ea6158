"""Tokens end, end with the password, do no more than their scopes; making one asks for a recent sign-in."""

import json
import re
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from people.actions.make_token import make_token
from people.models import ApiToken, AuditEntry
from tests.worlds import make_worker, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def worker():
    return make_worker("thandi")


def bearer(person, *scopes) -> Client:
    return Client(headers={"Authorization": f"Bearer {make_token(person, 'test', list(scopes))[1]}"})


def post(client: Client, name: str, body=None, args=()):
    return client.post(reverse(name, args=args), json.dumps(body or {}), content_type="application/json")


def test_a_token_to_answer_with_opens_no_wallet(worker):
    work, wallet = bearer(worker.person, "work"), bearer(worker.person, "wallet")
    payout = {"id": "0190b2f1-0000-7000-8000-000000000000", "destination": {"phone": "+27821234567"}}
    assert work.get("/api/v1/work/batches").status_code == 200
    assert work.get("/api/v1/wallet/lines").status_code == 403
    assert post(work, "api-wallet-payouts", payout).status_code == 403
    assert wallet.get("/api/v1/wallet/lines").status_code == 200
    assert wallet.get("/api/v1/work/batches").status_code == 403
    assert post(wallet, "api-wallet-payouts", payout).json()["error"]["code"] != "forbidden"


def test_a_token_ends_after_its_days_and_lives_on_when_it_is_renewed(worker):
    program = bearer(worker.person, "work")
    token = ApiToken.objects.get()
    assert token.expires_at - token.created_at == pytest.approx(
        timedelta(days=settings.TOKEN_DAYS), abs=timedelta(seconds=5)
    )
    ApiToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    refused = program.get("/api/v1/me")
    assert (refused.status_code, "has ended" in refused.json()["error"]["message"]) == (401, True)
    renewed = post(sign_in(Client(), worker.person), "api-token-renew", args=[token.pk])
    assert renewed.json()["expires_at"] > timezone.now().isoformat()
    assert program.get("/api/v1/me").status_code == 200


def test_what_was_revoked_is_not_renewed(worker):
    token, _ = make_token(worker.person, "x", ["work"])
    ApiToken.objects.update(revoked_at=timezone.now())
    assert post(sign_in(Client(), worker.person), "api-token-renew", args=[token.pk]).status_code == 409


def test_a_session_left_open_makes_no_token_until_she_has_typed_a_code(worker):
    client = Client()
    with time_machine.travel(timezone.now() - timedelta(seconds=settings.RECENT_SIGN_IN_S + 1)):
        sign_in(client, worker.person)
    body = {"name": "mine", "scopes": ["work"]}
    refused = post(client, "api-tokens", body)
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "sign_in_again")
    assert post(client, "api-me-confirm").json() == {"sent_to": "t…@example.org"}
    assert post(client, "api-me-confirm", {"code": "WRONG-CODE"}).status_code == 400
    assert post(client, "api-tokens", body).status_code == 403
    assert post(client, "api-me-confirm", {"code": mailed_code()}).json() == {"confirmed": True}
    assert post(client, "api-tokens", body).status_code == 201


def test_a_confirming_code_bears_three_tries_and_one_use(worker):
    client = sign_in(Client(), worker.person)
    post(client, "api-me-confirm")
    code = mailed_code()
    for _ in range(3):
        assert post(client, "api-me-confirm", {"code": "WRONG"}).status_code == 400
    assert post(client, "api-me-confirm", {"code": code}).status_code == 409
    post(client, "api-me-confirm")
    assert post(client, "api-me-confirm", {"code": mailed_code()}).status_code == 200
    assert post(client, "api-me-confirm", {"code": mailed_code()}).status_code == 409


def test_the_console_leads_to_the_code_and_back(worker):
    client = Client()
    client.force_login(worker.person)
    tokens, confirm = reverse("console:tokens"), reverse("console:confirm")
    body = {"name": "mine", "scopes": ["work"]}
    sent = client.post(tokens, body, headers={"Referer": f"http://testserver{tokens}"})
    assert sent.url == f"{confirm}?next=%2Fconsole%2Ftokens%2F"
    assert b"t\xe2\x80\xa6@example.org" in client.get(sent.url).content
    client.post(confirm, {"next": tokens})
    assert client.post(confirm, {"next": tokens, "code": mailed_code()}).url == tokens
    assert b"ilm_" in client.post(tokens, body).content
    assert client.post(confirm, {"next": "https://evil.example/"}).status_code == 200
    assert client.post(confirm, {"next": "https://evil.example/", "code": mailed_code()}).url == reverse("console:home")


def test_a_new_password_ends_her_tokens(worker):
    worker.person.set_password("a long pass phrase")
    worker.person.save()
    program, client = bearer(worker.person, "work"), sign_in(Client(), worker.person)
    assert program.get("/api/v1/me").status_code == 200
    change = {"current_password": "a long pass phrase", "new_password": "another long pass phrase"}
    changed = client.post(
        "/_allauth/browser/v1/account/password/change", json.dumps(change), content_type="application/json"
    )
    assert changed.status_code == 200
    assert program.get("/api/v1/me").status_code == 401
    assert AuditEntry.objects.filter(action="people.end_tokens", actor=worker.person).exists()


def mailed_code() -> str:
    return re.search(r"^\s*([A-Z0-9]{3,}-?[A-Z0-9]{3,})\s*$", mail.outbox[-1].body, re.MULTILINE).group(1)
