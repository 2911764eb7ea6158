"""The drill of a backup: dumped, restored elsewhere, the books are sound, sealed as before, and under the same law."""

import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from delivery import outbox
from labelling.models import Answer
from labelling.work.accept_answers import accept_answers
from labelling.work.draw_work import draw_work
from ledger.hash_chain import head, seal
from ledger.models import Leg
from tests.ledger.helpers import writer_connection
from tests.worlds import answer_to, opened, sentiment_world

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        "/ilima?" not in os.environ.get("DATABASE_URL", ""), reason="needs the embedded PostgreSQL's programs"
    ),
]
ROOT = Path(__file__).resolve().parents[2]
RESTORED = "restored"


def program(name: str) -> str:
    from server.embedded import Postgres

    return str(Postgres(Path("unused"))._bin / name)


def url_of(database: str) -> str:
    return os.environ["DATABASE_URL"].replace("/ilima?", f"/{database}?")


def live() -> None:
    world = opened(sentiment_world(items=5, workers=2))
    for worker in world.workers:
        accept_answers(worker, [answer_to(one, {"label": "good"}) for one in draw_work(worker, world.batch, 5)])
    outbox.drain()
    seal()


@pytest.fixture
def elsewhere(tmp_path):
    """The URL of the database that a day of work was restored into."""
    live()
    dump, name = tmp_path / "dump", f"{connection.settings_dict['NAME']}_{RESTORED}"
    subprocess.run([program("pg_dump"), "-Fc", "-f", str(dump), url_of(connection.settings_dict["NAME"])], check=True)
    with writer_connection() as owner:
        owner.autocommit = True
        owner.execute(f'DROP DATABASE IF EXISTS "{name}"')
        owner.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
        restore = [program("pg_restore"), "--exit-on-error", "--single-transaction", "-d", url_of(name), str(dump)]
        subprocess.run(restore, check=True)
        yield url_of(name)
        owner.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def audit(url: str) -> subprocess.CompletedProcess:
    environment = {**os.environ, "DATABASE_URL": url}
    command = [sys.executable, "manage.py", "audit_ledger"]
    return subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)


def test_a_restored_ledger_is_sound_sealed_as_before_and_under_the_same_law(elsewhere):
    said = audit(elsewhere)
    assert (said.returncode, "The ledger is sound." in said.stdout) == (0, True), said.stderr
    assert f"sealed head {head().hex()}" in said.stdout
    with psycopg.connect(elsewhere) as restored:
        counts = [
            restored.execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in ("labelling_answer", "ledger_leg")
        ]
        assert counts == [Answer.objects.count(), Leg.objects.count()]
        with pytest.raises(psycopg.Error, match="append-only"):
            restored.execute("UPDATE ledger_leg SET amount_micro = amount_micro * 2")


def test_control_a_restored_ledger_that_was_changed_is_found_out(elsewhere):
    with psycopg.connect(elsewhere) as forger:
        forger.execute("SET session_replication_role = replica")
        forger.execute("UPDATE ledger_leg SET amount_micro = amount_micro * 2")
    said = audit(elsewhere)
    assert said.returncode != 0
    assert "does not fit its body hash" in said.stderr
