"""With DEBUG off nothing starts with a secret that is printed in this repository: each process in its own right."""

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
    "RAIL_SECRET": "of-our-own",
    "ANCHOR_PRIVATE_KEY": "0x" + "33" * 32,
}
WEB = ["-c", "import server.wsgi; print('serving')"]
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
    every = {**kept, **nowhere, **path, "DEBUG": "0", "ALLOW_PRACTICE_RAIL": "1", **environment}
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=ROOT, env=every, capture_output=True, text=True, timeout=120, check=False)


@pytest.mark.parametrize("name", PROCESSES)
def test_no_process_starts_with_the_demos_secrets(name, tmp_path):
    done = run([argument.format(folder=tmp_path) for argument in PROCESSES[name]])
    said = done.stdout + done.stderr
    assert done.returncode != 0
    assert [secret for secret in OURS if f"{secret} is the demo's: set {secret}" not in said] == []


@pytest.mark.parametrize("left_out", OURS)
def test_one_of_them_is_enough(left_out, settings):
    settings.DEBUG = settings.TESTING = False
    settings.ALLOW_PRACTICE_RAIL = True
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
