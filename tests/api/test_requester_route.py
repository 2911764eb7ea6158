"""A requester's program from an empty project to the downloaded labels, with nothing but a token and the REST API."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from delivery import outbox
from labelling import tasks
from people.actions.create_organisation import create_organisation
from people.actions.make_token import make_token
from people.models import Person
from tests.worlds import LABELS, deposit, make_worker

pytestmark = pytest.mark.django_db
TABLE = b"id,text,source\n1,good soup,web\n2,,web\n3,bad soup,shop\n4,bad soup,shop\n"


class Program:
    """Somebody's calls with a token of one scope."""

    def __init__(self, person: Person, scope: str):
        self.token, secret = make_token(person, "program", [scope])
        self._client = Client(headers={"Authorization": f"Bearer {secret}"})

    def get(self, path: str):
        return self._client.get(f"/api/v1/{path}")

    def post(self, path: str, body: dict | None = None):
        return self._client.post(f"/api/v1/{path}", body or {}, content_type="application/json")

    def send(self, path: str, **files):
        return self._client.post(f"/api/v1/{path}", files)

    def made(self, path: str, body: dict | None = None, status: int = 201) -> dict:
        reply = self.post(path, body)
        assert reply.status_code == status, reply.content
        return reply.json()


@pytest.fixture(autouse=True)
def _tasks_at_once(monkeypatch):
    for task in (tasks.import_next, tasks.build_release):
        monkeypatch.setattr(task, "delay", task)


@pytest.fixture
def owner() -> Person:
    person = Person.objects.create_user(email="owner@example.org")
    deposit(create_organisation(person, "Umuthi"), 50_000_000)
    return person


@pytest.fixture
def program(owner) -> Program:
    return Program(owner, "projects")


def new_project(program: Program, owner: Person) -> int:
    body = {
        "organisation": owner.memberships.get().organisation_id, "title": "Soup", "task_type": "choice", "medium": "text",
        "config": {"labels": LABELS}, "min_answers": 2, "max_answers": 3, "target_ppm": 700_000, "gold_share_bps": 0,
        "estimated_task_s": 5,
    }  # fmt: skip
    return program.made("projects", body)["id"]


def upload(program: Program, dataset: int, content: bytes = TABLE, name: str = "soup.csv") -> dict:
    """Sent, imported, and looked at again."""
    reply = program.send(f"datasets/{dataset}/uploads", files=SimpleUploadedFile(name, content))
    assert reply.status_code == 202
    [made] = reply.json()["uploads"]
    outbox.drain()
    return program.get(f"uploads/{made['id']}").json()


def label_all(batch: int, truth: dict[str, str]) -> None:
    """Two workers, over the API too."""
    for name in ("ayanda", "busi"):
        phone = Program(make_worker(name).person, "work")
        leases = phone.made("work/draw", {"batch": batch, "n": 20}, status=200)["leases"]
        answers = [
            {
                "id": str(uuid.uuid4()),
                "lease": one["lease"],
                "value": {"label": truth[one["item"]["text"]]},
                "active_ms": 900,
            }
            for one in leases
        ]
        results = phone.made("work/answers", {"answers": answers}, status=200)["results"]
        assert {result["status"] for result in results} == {"accepted"}
        outbox.drain()


def test_from_an_empty_project_to_the_downloaded_labels(program, owner):
    project = new_project(program, owner)
    dataset = program.made(f"projects/{project}/datasets", {"name": "first"})["id"]
    upload_first = upload(program, dataset)
    assert {name: upload_first[name] for name in ("state", "rows_done", "rows_added", "rows_known", "rows_refused")} == {
        "state": "done", "rows_done": 4, "rows_added": 2, "rows_known": 1, "rows_refused": 1,
    }  # fmt: skip
    [refused] = program.get(f"uploads/{upload_first['id']}/refused").json()["results"]
    assert (refused["row"], refused["name"], refused["field"]) == (2, "line 3", "text")
    assert refused["reason"].endswith(".")
    [remark] = program.get(f"uploads/{upload_first['id']}/remarks").json()["results"]
    assert (remark["row"], remark["field"], upload_first["rows_remarked"]) == (4, "id", 1)
    again = upload(program, dataset)
    assert (again["rows_added"], again["rows_known"]) == (0, 3)

    batch = program.made(f"projects/{project}/batches", {"name": "b", "base_micro": 10_000})["id"]
    opened = program.made(f"batches/{batch}/open", status=200)
    assert (opened["state"], opened["items_total"]) == ("open", 2)
    label_all(batch, {"good soup": "good", "bad soup": "bad"})

    items = program.get(f"projects/{project}/items").json()["results"]
    assert {item["external_id"]: item["decision"]["value"] for item in items} == {
        "1": {"label": "Good", "label_id": "good"},
        "3": {"label": "Bad", "label_id": "bad"},
    }
    assert {item["external_id"]: item["metadata"] for item in items} == {
        "1": {"source": "web"},
        "3": {"source": "shop"},
    }
    assert program.get(f"batches/{batch}").json()["state"] == "closed"

    release = program.made(f"projects/{project}/releases", status=202)["id"]
    outbox.drain()
    ready = program.get(f"releases/{release}").json()
    assert (ready["state"], ready["items"]) == ("ready", 2)
    check_downloads(program, ready)


def check_downloads(program: Program, release: dict) -> None:
    """As they come over the wire: streams, the frozen one with the hash that the release names."""
    frozen = program.get(f"releases/{release['id']}/download?as=jsonl")
    assert frozen.streaming
    content = b"".join(frozen.streaming_content)
    assert hashlib.sha256(content).hexdigest() == release["sha256"]
    assert [len(json.loads(line)["answers"]) for line in content.splitlines()] == [2, 2]
    table = program.get(f"releases/{release['id']}/download?as=csv")
    assert table["Content-Disposition"] == 'attachment; filename="soup-release-1.csv"'
    rows = csv.DictReader(io.StringIO(b"".join(table.streaming_content).decode("utf-8-sig"), newline=""))
    assert [(row["external_id"], row["decision"]) for row in rows] == [("1", "Good"), ("3", "Bad"), ("4", "Bad")]
    assert program.get(f"releases/{release['id']}/download?as=exe").status_code == 400


def test_a_revoked_token_opens_nothing(program):
    other = Program(program.token.person, "projects")
    assert program.get("projects").status_code == 200
    session = Client()
    session.force_login(program.token.person)
    assert session.delete(f"/api/v1/tokens/{program.token.pk}").status_code == 204
    assert program.get("projects").status_code == 401
    assert other.get("projects").status_code == 200


def test_a_scope_opens_its_own_doors_only(owner):
    worker = Program(owner, "label")
    refused = worker.get("projects")
    assert refused.status_code == 403
    assert refused.json()["error"]["message"].endswith(".")


LISTS = ("projects", "projects/{project}/datasets", "datasets/{dataset}/uploads", "projects/{project}/items",
         "projects/{project}/batches", "projects/{project}/releases", "uploads/{upload}/refused")  # fmt: skip


def test_a_longer_list_costs_no_more_statements(program, owner):
    project = new_project(program, owner)
    dataset = program.made(f"projects/{project}/datasets", {"name": "first"})["id"]
    made = upload(program, dataset)["id"]
    names = {"project": project, "dataset": dataset, "upload": made}
    before = {path: statements(program, path.format(**names)) for path in LISTS}
    more_of_everything(program, owner, project, dataset)
    rows = {path: len(program.get(path.format(**names)).json()["results"]) for path in LISTS}
    assert min(rows[path] for path in LISTS if "refused" not in path and "releases" not in path) >= 3, rows
    assert {path: statements(program, path.format(**names)) for path in LISTS} == before


def more_of_everything(program: Program, owner: Person, project: int, dataset: int) -> None:
    for number in range(3):
        new_project(program, owner)
        program.made(f"projects/{project}/datasets", {"name": f"more {number}"})
        upload(program, dataset, b"text\nnumber %d\n" % number)
        program.made(f"projects/{project}/batches", {"name": f"b{number}", "base_micro": 10_000})


def statements(program: Program, path: str) -> int:
    program.get(path)
    with CaptureQueriesContext(connection) as queries:
        assert program.get(path).status_code == 200
    return len(queries)
