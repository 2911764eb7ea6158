"""With DEBUG off nothing starts with a secret that is printed in this repository: each process in its own right."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from server.checks import refuse_demo_secrets

ROOT = Path(__file__).resolve().parents[2]
OURS = {
    "SECRET_KEY": "k" * 30 + "0123456789abcdefghijklmnopqrstuvwxyz",
    "RECEIPT_SIGNING_KEY": "ab" * 32,
    "RAIL_SECRET": "of-our-own-" * 3,
    "ANCHOR_PRIVATE_KEY": "0x" + "33" * 32,
}
PLACE = {
    "PUBLIC_URL": "https://a.example",
    "MEDIA_ORIGIN": "https://b.example",
    "ALLOW_FILE_MESSAGES": "1",
    "DESTINATION_KEYS": "sealed" * 6,
}
# A process that is started again serves the sooner, the less it loads: without a bucket no client of one, and nothing that only
# deciding, drawing up files or a chain needs.
NEEDLESS = "boto3 scipy shapely sklearn rapidfuzz PIL av openpyxl reportlab web3 eth_account"
LOADED = (
    f"import sys, server.wsgi, server.urls; found = sys.modules.keys() & '{NEEDLESS}'.split(); assert not found, found"
)
WEB = ["-c", f"{LOADED}; print('serving')"]
PROCESSES = {
    "web": WEB,
    "worker": ["-m", "celery", "-A", "server", "worker", "-c", "1"],
    # beat removes its schedule file and all that stand beside it under its name: only ever a file in a temporary folder
    "beat": ["-m", "celery", "-A", "server", "beat", "-s", "{folder}/schedule", "--pidfile", ""],
    "command": ["manage.py", "check"],
}


def run(arguments: list[str], **environment: str) -> subprocess.CompletedProcess:
    nowhere = {"DATABASE_URL": "postgresql://127.0.0.1:1/none", "REDIS_URL": "redis://127.0.0.1:1/0"}
    path = {"PYTHONPATH": f"{ROOT / 'platform'}{os.pathsep}{ROOT}", "ILIMA_TESTING": "0", "ILIMA_BROKER_URL": ""}
    kept = {name: value for name, value in os.environ.items() if name not in OURS}
    every = {**kept, **nowhere, **path, "DEBUG": "0", "ALLOW_PRACTICE_RAIL": "1", **PLACE, **environment}
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=ROOT, env=every, capture_output=True, text=True, timeout=120, check=False)


@pytest.mark.parametrize("name", PROCESSES)
def test_no_process_starts_with_the_demos_secrets(name, tmp_path):
    done = run([argument.format(folder=tmp_path) for argument in PROCESSES[name]])
    said = done.stdout + done.stderr
    assert done.returncode != 0
    assert [secret for secret in OURS if f"{secret} is the demo's: set {secret}" not in said] == []


@pytest.fixture
def in_production(settings, monkeypatch):
    settings.DEBUG = settings.TESTING = False
    settings.ALLOW_PRACTICE_RAIL = settings.ALLOW_FILE_MESSAGES = True
    settings.DESTINATION_KEYS, settings.SECOND_FACTOR_REQUIRED = [PLACE["DESTINATION_KEYS"]], True
    for name in ("PUBLIC_URL", "MEDIA_ORIGIN"):
        monkeypatch.setenv(name, PLACE[name])


@pytest.mark.parametrize("left_out", OURS)
def test_one_of_them_is_enough(left_out, settings, in_production):
    demo = getattr(settings, left_out)
    for name, value in OURS.items():
        setattr(settings, name, value)
    refuse_demo_secrets()
    setattr(settings, left_out, demo)
    with pytest.raises(ImproperlyConfigured) as refused:
        refuse_demo_secrets()
    assert str(refused.value) == f"{left_out} is the demo's: set {left_out} in the environment to a secret of your own."


PAGES = """
import server.wsgi
from django.test import Client
client = Client(HTTP_HOST="ilima.example")
for path in ("/", "/accounts/login/", "/app/", "/static/console/console.css"):
    print(path, client.get(path, secure=True).status_code)
"""


def test_with_secrets_of_its_own_and_its_files_collected_it_serves(tmp_path):
    """The control, and what a first start in production is: each thing that is missing is said in one sentence."""
    ours = {**OURS, "PUBLIC_URL": "https://ilima.example", "ILIMA_DATA": str(tmp_path)}
    ours["MEDIA_ORIGIN"] = "https://media.ilima.example"
    done = run(WEB, **ours)
    assert done.returncode != 0
    assert f"The pages' files are not in {tmp_path / 'static'}: run manage.py collectstatic first." in done.stderr
    assert run(["manage.py", "collectstatic", "--noinput"], **ours).returncode == 0
    served = run(["-c", PAGES], **ours)
    assert served.stdout.split() == [
        "/",
        "200",
        "/accounts/login/",
        "200",
        "/app/",
        "200",
        "/static/console/console.css",
        "200",
    ]


def test_for_the_demo_it_starts_with_what_is_printed_here():
    assert run(WEB, DEBUG="1").stdout.strip() == "serving"


def test_codes_that_nobody_would_get_and_addresses_of_the_demo_are_refused(settings, in_production, monkeypatch):
    for name, value in OURS.items():
        setattr(settings, name, value)
    refuse_demo_secrets()
    settings.ALLOW_FILE_MESSAGES = False
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.SMS_BACKEND = "people.sms.file.FileBackend"
    with pytest.raises(
        ImproperlyConfigured, match=r"E-mails would be files.*set EMAIL_URL.*Text messages would be files"
    ):
        refuse_demo_secrets()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.SMS_BACKEND = "people.sms.http.HttpBackend"
    refuse_demo_secrets()
    monkeypatch.delenv("MEDIA_ORIGIN")
    with pytest.raises(ImproperlyConfigured, match="MEDIA_ORIGIN is not set"):
        refuse_demo_secrets()


SETTINGS = (
    "EMAIL_BACKEND EMAIL_HOST EMAIL_PORT EMAIL_HOST_USER EMAIL_HOST_PASSWORD EMAIL_USE_TLS SECURE_HSTS_SECONDS "
    "SECURE_HSTS_INCLUDE_SUBDOMAINS SECURE_PROXY_SSL_HEADER TRUSTED_PROXIES SECRET_KEY_FALLBACKS ALLOWED_HOSTS"
)


def settings_with(**environment: str) -> dict:
    code = f"import json; from server import settings as s; print(json.dumps({{n: getattr(s, n) for n in {SETTINGS.split()}}}))"
    done = run(["-c", code], **OURS, **environment)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_secret_may_lie_in_a_file_that_a_vault_writes(tmp_path):
    (tmp_path / "key").write_text("of a vault" * 5)
    code = "from server import settings; print(settings.SECRET_KEY)"
    done = run(
        ["-c", code],
        **{name: value for name, value in OURS.items() if name != "SECRET_KEY"},
        SECRET_KEY_FILE=str(tmp_path / "key"),
    )
    assert done.stdout.strip() == "of a vault" * 5, done.stderr


def test_letters_proxies_and_old_keys_come_from_the_environment():
    found = settings_with(
        EMAIL_URL="smtp+tls://ilima:p%40ss@mail.example:2525",
        BEHIND_PROXY="1",
        HSTS_SUBDOMAINS="1",
        HSTS_SECONDS="60",
        SECRET_KEY_FALLBACKS="older,oldest",
    )
    assert [found[f"EMAIL_{name}"] for name in ("HOST", "PORT", "HOST_USER", "HOST_PASSWORD", "USE_TLS")] == [
        "mail.example", 2525, "ilima", "p@ss", True,
    ]  # fmt: skip
    assert found["EMAIL_BACKEND"].endswith("smtp.EmailBackend")
    assert found["SECURE_PROXY_SSL_HEADER"] == ["HTTP_X_FORWARDED_PROTO", "https"]
    assert (found["TRUSTED_PROXIES"], found["SECURE_HSTS_SECONDS"]) == (1, 60)
    assert found["SECRET_KEY_FALLBACKS"] == ["older", "oldest"]
    assert found["ALLOWED_HOSTS"] == ["a.example", "b.example"]
    plain = settings_with()
    assert (plain["SECURE_HSTS_SECONDS"], plain["SECURE_HSTS_INCLUDE_SUBDOMAINS"]) == (31_536_000, False)
    assert plain["SECURE_PROXY_SSL_HEADER"] is None
