"""What the logs never hold, at whatever level: telephone numbers, tokens, codes, cards, answers, passwords. Refusals are there."""

import json
import logging
import uuid

import pytest
from django.test import Client

from delivery import outbox
from labelling.work.draw_work import draw_work
from people.actions.make_token import make_token
from tests.people.test_sign_in import _empty_cache, mailed_code, texted_code  # noqa: F401
from tests.worlds import answer_to, opened, sentiment_world, sign_in

pytestmark = pytest.mark.django_db
PHONE, MAIL, CARD = "+27829998877", "canary-5512@example.org", "canary-card-5512"
ANSWER, PASSWORD = "a canary sang 5512 times", "canary pass phrase 5512"
API = "/_allauth/browser/v1"


def post(client: Client, path: str, body: dict):
    return client.post(path, json.dumps(body), content_type="application/json")


def a_day_of(world) -> list[str]:
    """Sign-up, codes right and wrong, work, money, refusals; returns the secrets that were made on the way."""
    for address in ({"phone": PHONE}, {"email": MAIL}):
        client = Client()
        post(client, f"{API}/auth/signup", {**address, "display_name": "Canary"})
        code = texted_code(PHONE) if "phone" in address else mailed_code()
        post(client, f"{API}/auth/login", {**address, "password": PASSWORD})
        post(client, f"{API}/auth/phone/verify", {"code": "WRONG-1"})
        post(client, f"{API}/auth/phone/verify" if "phone" in address else f"{API}/auth/code/confirm", {"code": code})
    worker = world.workers[0]
    secret = make_token(worker.person, "phone", ["work", "wallet"])[1]
    phone = Client(headers={"Authorization": f"Bearer {secret}"})
    lent = draw_work(worker, world.batch, 2)
    for value in ({"text": ANSWER}, {"label": ANSWER}):
        post(phone, "/api/v1/work/answers", {"answers": [answer_to(lent.pop(), value)]})
    outbox.drain()
    for amount_micro in (1, 10**12):
        body = {"id": str(uuid.uuid4()), "amount_micro": amount_micro, "destination": {"phone": PHONE}}
        post(phone, "/api/v1/wallet/payouts", body)
    Client(headers={"Authorization": f"Bearer {secret}x"}).get("/api/v1/me")
    requester = sign_in(Client(), world.requester)
    post(
        requester,
        f"/api/v1/organisations/{world.organisation.pk}/deposits",
        {"id": "no", "amount_micro": 5, "card": CARD},
    )
    post(requester, "/api/v1/tokens", {"name": "x", "scopes": ["none"], "phone": PHONE})
    return [code, secret, secret[4:]]


def test_a_day_of_logs_names_nobody_and_holds_no_secret(caplog):
    world = opened(
        sentiment_world(items=2, workers=1, task_type="text", config={"language": "en", "kind": "transcription"})
    )
    with caplog.at_level(logging.DEBUG):
        secrets = a_day_of(world)
    found = [canary for canary in (PHONE, PHONE[1:], MAIL, CARD, ANSWER, PASSWORD, *secrets) if canary in caplog.text]
    assert found == []
    assert "/api/v1/me" in caplog.text  # a refusal is written down, with its address
    logging.getLogger("control").warning("a telephone number: %s", PHONE)
    assert PHONE in caplog.text
