"""What every answer carries, which host serves what, and what is refused before a server starts."""

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client
from django.urls import reverse

from delivery.encryption import SealedField
from delivery.models import WebhookEndpoint
from people.models import Person
from server.checks import check_doors, check_lengths, check_lines
from tests.security.doors import doors
from tests.worlds import make_worker, sign_in

pytestmark = pytest.mark.django_db


def test_nothing_that_she_sees_is_kept_anywhere():
    """Every door without parameters, signed in: `no-store`, but for what is the same for all and says so itself."""
    worker = make_worker("thandi")
    client, kept = sign_in(Client(raise_request_exception=False), worker.person), []
    for door in doors():
        if door.parameters or "GET" not in door.methods:
            continue
        response = client.get(reverse(door.name))
        if "no-store" not in response.headers.get("Cache-Control", ""):
            kept.append(door.name)
    assert kept == []
    for path in ("/api/v1/me", "/api/v1/wallet/lines", "/console/account/"):
        assert "no-store" in client.get(path)["Cache-Control"]


def test_no_page_looks_or_listens():
    policy = Client().get("/")["Permissions-Policy"]
    assert all(f"{name}=()" in policy for name in ("camera", "microphone", "geolocation"))


def test_the_medias_host_serves_no_page(settings):
    settings.MEDIA_HOST_IS_ITS_OWN, settings.ALLOWED_HOSTS = True, ["ilima.example", "media.example"]
    settings.PUBLIC_URL, settings.MEDIA_ORIGIN = "https://ilima.example", "https://media.example"
    for path in ("/", "/accounts/login/", "/console/", "/api/v1/me", "/app/", "/_allauth/browser/v1/auth/session"):
        assert Client(headers={"host": "media.example"}).get(path).status_code == 404, path
    assert Client(headers={"host": "ilima.example"}).get("/accounts/login/").status_code == 200


def test_links_in_mails_lead_to_the_public_address_whatever_host_was_asked(settings):
    settings.ALLOWED_HOSTS, settings.PUBLIC_URL = ["ilima.example", "evil.example"], "https://ilima.example"
    Person.objects.create_user(email="a@example.org", password="a long pass phrase")
    for path, body in (
        ("/accounts/password/reset/", {"email": "a@example.org"}),
        ("/accounts/signup/", {"email": "a@example.org"}),
    ):
        Client(headers={"host": "evil.example"}).post(path, body)
        assert "evil.example" not in mail.outbox[-1].body + mail.outbox[-1].subject
        assert "https://ilima.example/accounts/" in mail.outbox[-1].body


@pytest.mark.parametrize("path", ["/api/v1/me", "/api/v1/work/answers", "/_allauth/browser/v1/auth/session"])
def test_a_program_that_asks_in_clear_is_told_and_not_sent_on(path, settings):
    """A redirect would hide that its token went over the network for everybody to read; a page is sent on."""
    settings.SECURE_SSL_REDIRECT = True
    refused = Client(headers={"authorization": "Bearer x"}).get(path)
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "https_only")
    assert Client().get(path, secure=True).status_code in (200, 401, 405)
    assert Client().get("/accounts/login/").status_code == 301


def test_keys_that_somebody_could_type_and_lines_that_anybody_reads_are_refused_in_production(settings, monkeypatch):
    settings.DEBUG = settings.TESTING = settings.PRIVATE_NETWORK = False
    long = "0123456789abcdef" * 2
    settings.SECRET_KEY = settings.RAIL_SECRET = settings.LINK_KEY = settings.METRICS_TOKEN = long
    settings.DESTINATION_KEYS = [long, "typed by hand"]
    assert [error.msg.split()[0] for error in check_lengths(None)] == ["DESTINATION_KEYS"]
    settings.DESTINATION_KEYS, settings.METRICS_TOKEN = [long], "short"
    assert [error.msg.split()[0] for error in check_lengths(None)] == ["METRICS_TOKEN"]
    database = settings.DATABASES["default"]
    monkeypatch.setitem(database, "HOST", "db.example")
    monkeypatch.setitem(database, "OPTIONS", {"sslmode": "require"})
    settings.CELERY_BROKER_URL = "redis://queues.example:6379/0"
    settings.REDIS_URL = "rediss://cache.example:6379/0"
    assert [error.msg.split()[0] for error in check_lines(None)] == ["DATABASE_URL", "ILIMA_BROKER_URL"]
    monkeypatch.setitem(database, "OPTIONS", {"sslmode": "verify-full"})
    settings.CELERY_BROKER_URL = "redis://:secret@127.0.0.1:6379/0"
    assert check_lines(None) == []
    monkeypatch.setitem(database, "OPTIONS", {})
    settings.PRIVATE_NETWORK = True
    assert check_lines(None) == []


def test_one_secret_for_two_things_and_no_second_factor_are_refused_in_production(settings):
    settings.DEBUG = settings.TESTING = False
    settings.SECRET_KEY, settings.DESTINATION_KEYS, settings.SECOND_FACTOR_REQUIRED = "one", ["one"], False
    assert [error.id for error in check_doors(None)] == ["ilima.E002", "ilima.E003"]
    settings.DESTINATION_KEYS, settings.SECOND_FACTOR_REQUIRED = ["another"], True
    assert check_doors(None) == []
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS, settings.DESTINATION_KEYS = "two", ["one"], ["one"]
    assert [error.id for error in check_doors(None)] == ["ilima.E002"]


def test_a_webhooks_secret_is_sealed_in_the_table_and_opens_with_an_older_key(settings):
    from django.db import connection

    settings.DESTINATION_KEYS = ["old"]
    endpoint = WebhookEndpoint.objects.create(organisation_id=1, url="https://hook.example/", secret="whsec_abc")
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret, previous_secret FROM delivery_webhookendpoint WHERE id = %s", [endpoint.pk])
        [(sealed, empty)] = cursor.fetchall()
    assert ("whsec_abc" in sealed, empty) == (False, "")
    settings.DESTINATION_KEYS = ["new", "old"]
    assert WebhookEndpoint.objects.get().secret == "whsec_abc"
    assert SealedField().get_prep_value("") == ""


def test_sessions_outlive_a_new_secret_key_while_the_old_one_is_named(settings):
    person = make_worker("thandi").person
    settings.SECRET_KEY = "old-" * 20
    client = sign_in(Client(), person)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "new-" * 20, ["old-" * 20]
    assert client.get("/api/v1/me").status_code == 200


def test_the_settings_of_a_deployment():
    """As a server with https has them: read in a process of its own."""
    import os
    import subprocess
    import sys

    code = (
        "from django.conf import settings as s; import json;"
        "print(json.dumps([s.ALLOWED_HOSTS, s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.DEVICE_COOKIE_NAME, s.SECOND_FACTOR_REQUIRED,"
        "s.SESSION_COOKIE_SECURE, s.MEDIA_HOST_IS_ITS_OWN]))"
    )
    urls = {"PUBLIC_URL": "https://ilima.example", "MEDIA_ORIGIN": "https://media.example"}
    kept = {name: value for name, value in os.environ.items() if name not in ("ILIMA_TESTING", "DEBUG")}
    environment = {**kept, **urls, "DJANGO_SETTINGS_MODULE": "server.settings", "PYTHONPATH": "platform:."}
    made = subprocess.run(
        [sys.executable, "-c", code], env=environment, cwd=settings.ROOT, capture_output=True, text=True, check=True
    )
    assert made.stdout.strip() == (
        '[["ilima.example", "media.example"], "__Host-sessionid", "__Host-csrftoken", "__Host-ilima_device", true, true, true]'
    )
