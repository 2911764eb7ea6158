"""A platform's database from before items had parts, as pg_dump wrote it: migrated in place by `manage.py migrate`, its items read as
parts, its decisions come out again, and work on them goes on.

The dump is of the demo's projects at the last commit without parts: five projects, 35 items, 53 answers.
"""

import json
import lzma
import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]
DUMP = Path(__file__).parent / "dumps" / "before_parts.sql.xz"
NAME = "ilima_before_parts"
pytestmark = [pytest.mark.slow, pytest.mark.django_db]

LOOK = """
import json, django
django.setup()
from consensus.app.actions.decide_items import decide_items
from consensus.app.tasks_of import load_tasks
from labelling.models import Answer, Batch, Decision, Item, Lease, Project
from labelling.task_types.parts import parts_of
from labelling.task_types.questions import question_of_item
from labelling.work.accept_answers import accept_answers
from labelling.work.draw_work import draw_work
from ledger.audit import findings
from people.models import Worker

found = {"parts": {}, "sizes": 0, "lent": 0, "findings": [str(one) for one in findings()]}
for item in Item.objects.select_related("media", "project").order_by("pk"):
    asked = question_of_item(item)["parts"]
    found["parts"].setdefault(item.project.task_type + " " + item.project.medium, []).append([
        [part["id"], part["role"], part["kind"], part.get("text") == item.payload.get("text")] for part in asked])
    found["sizes"] += all(part.get("width_px") or part.get("duration_ms") or part.get("text") for part in asked)
votes = [task for project in Project.objects.all() for task in load_tasks(project, project.items.values_list("pk", flat=True))]
found["votes"] = sum(len(task.votes) for task in votes)
found["answers"] = Answer.objects.filter(counted=True).count()
found["repeats"] = Answer.objects.filter(repeat=True).count() + Lease.objects.exclude(repeats=None).count()
found["expects"] = [one for one in Project.objects.values_list("expects", flat=True) if one]
said = {one.item_id: one.value for one in Answer.objects.all()}
for batch in Batch.objects.filter(state="open"):
    for worker in Worker.objects.all():
        for lent in draw_work(worker, batch, 5):
            if lent.item_id in said:
                sent = {"id": str(__import__("uuid").uuid4()), "lease": lent.lease, "value": said[lent.item_id], "active_ms": 9000}
                found["lent"] += accept_answers(worker, [sent])[0].status == "accepted"
found["findings"] += [str(one) for one in findings()]
print(json.dumps(found))
"""


@pytest.fixture
def before():
    """Its address, in the PostgreSQL of the tests."""
    mine = connection.get_connection_params() | {"autocommit": True}
    params = {name: mine[name] for name in ("host", "port", "user", "password") if mine.get(name)}
    with psycopg.connect(dbname="postgres", autocommit=True, **params) as admin:
        admin.execute(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")
        admin.execute(f"CREATE DATABASE {NAME} TEMPLATE template0 ENCODING 'UTF8'")
    text = lzma.decompress(DUMP.read_bytes()).decode()
    with psycopg.connect(dbname=NAME, autocommit=True, **params) as made:
        made.execute("\n".join(line for line in text.split("\n") if not line.startswith("\\")).encode())
    yield params
    with psycopg.connect(dbname="postgres", autocommit=True, **params) as admin:
        admin.execute(f"DROP DATABASE {NAME} WITH (FORCE)")


def run(params: dict, *command: str) -> str:
    where = f"postgresql://{params['user']}@/{NAME}?host={params['host']}"
    environment = {**os.environ, "DATABASE_URL": where, "PYTHONPATH": f"{ROOT / 'platform'}{os.pathsep}{ROOT}"}
    environment |= {"DJANGO_SETTINGS_MODULE": "server.settings", "ILIMA_TESTING": "1"}
    done = subprocess.run(
        [sys.executable, *command], env=environment, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def test_what_was_there_is_migrated_in_place_and_reads_as_parts(before):
    run(before, "manage.py", "migrate", "-v", "0")
    found = json.loads(run(before, "-c", LOOK).splitlines()[-1])
    image, sound, text = (
        [["media", "image", "image", True]],
        [["media", "audio", "audio", True]],
        [["text", "source", "text", True]],
    )
    expected = {
        "choice image": image,
        "boxes image": image,
        "choice text": text,
        "choice audio": sound,
        "text audio": sound,
    }
    assert {name: len(items) for name, items in found["parts"].items()} == dict.fromkeys(expected, 7)
    assert all(one == expected[name] for name, items in found["parts"].items() for one in items)
    assert found["sizes"] == 35, "a picture's size and a sound's length are told with the part"
    assert (found["repeats"], found["expects"]) == (0, [])
    assert found["votes"] >= found["answers"] > 40
    assert found["lent"] > 10, "work on what was there goes on"
    assert found["findings"] == []
