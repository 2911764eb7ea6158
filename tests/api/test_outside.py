"""What goes wrong around the views of the API is said in its one shape, and the sender gets to read it."""

import io
import json
import socket

import pytest
from django.test import Client

from api import outside
from people.actions.make_token import make_token
from tests.formats.worlds import new_dataset, owner
from tests.worlds import make_worker

pytestmark = pytest.mark.django_db
TOO_MUCH = 2_600_000


@pytest.fixture
def client():
    key = make_token(make_worker("w").person, "t", ["work"])[1]
    return Client(headers={"Authorization": f"Bearer {key}"}, raise_request_exception=False)


def error_of(reply) -> dict:
    assert reply["Content-Type"].startswith("application/json")
    body = json.loads(reply.content)
    assert set(body) == {"error"}
    assert set(body["error"]) >= {"code", "field", "message"}
    return body["error"]


@pytest.mark.parametrize(
    "path", ["/api/", "/api/v1", "/api/v1/", "/api/v1/nothing", "/api/v1/me/", "/api/v2/me", "/api/v1/work/draw/"]
)
def test_an_unknown_address_reads_as_a_row_that_is_not_there(client, path):
    for reply in (client.get(path), client.post(path, {}, content_type="application/json"), Client().get(path)):
        assert reply.status_code == 404
        assert error_of(reply) == {
            "code": "not_found",
            "field": "",
            "message": "There is nothing here, or it is not yours.",
        }


def test_pages_keep_their_own(client):
    reply = client.get("/nothing/")
    assert (reply.status_code, reply["Content-Type"].split(";")[0]) == (404, "text/html")


@pytest.mark.parametrize("door", ["/api/v1/work/answers", "/api/v1/work/draw", "/api/v1/me"])
def test_too_large_a_body_is_said_to_be_too_large(client, door):
    send = client.patch if door.endswith("me") else client.post
    reply = send(door, json.dumps({"answers": ["x" * TOO_MUCH]}), content_type="application/json")
    assert (reply.status_code, error_of(reply)["code"]) == (413, "too_large")
    assert "2.5 MB" in error_of(reply)["message"]


def test_just_below_is_read(client):
    reply = client.post(
        "/api/v1/work/answers", json.dumps({"answers": "x" * 2_400_000}), content_type="application/json"
    )
    assert (reply.status_code, error_of(reply)["field"]) == (400, "answers")


@pytest.mark.parametrize("what", ["files", "fields"])
def test_too_many_files_or_fields_are_said_to_be_too_many(what):
    dataset = new_dataset()
    key = make_token(owner(dataset), "t", ["projects"])[1]
    client = Client(headers={"Authorization": f"Bearer {key}"}, raise_request_exception=False)
    many = (
        {"files": [named(f"{n}.csv") for n in range(501)]} if what == "files" else {f"f{n}": "x" for n in range(1_001)}
    )
    reply = client.post(f"/api/v1/datasets/{dataset.pk}/uploads", many)
    assert (reply.status_code, error_of(reply)["code"]) == (413, "too_large")
    assert f"{what} are taken" in error_of(reply)["message"]


def named(name: str) -> io.BytesIO:
    file = io.BytesIO(b"text\na\n")
    file.name = name
    return file


def test_a_host_that_is_not_ours_is_refused_in_the_same_shape(client):
    reply = client.get("/api/v1/me", headers={"Host": "evil.example"})
    assert (reply.status_code, error_of(reply)["code"]) == (400, "invalid")


def test_a_fault_of_ours_is_said_in_the_same_shape(client, monkeypatch):
    monkeypatch.setattr("api.views.me._me", lambda person: 1 / 0)
    reply = client.get("/api/v1/me")
    assert (reply.status_code, error_of(reply)["code"]) == (500, "error")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("path", ["/api/v1/nothing", "/api/v1/work/answers"])
def test_who_sends_too_much_reads_the_answer_before_the_line_ends(live_server, path):
    """All of it sent, then read: a server that had answered without reading would have cut the line (a reset, no answer)."""
    key = make_token(make_worker("w").person, "t", ["work"])[1]
    body = b'{"answers": "' + b"x" * 6_000_000 + b'"}'
    head = (
        f"POST {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\n"
    )
    with socket.create_connection((live_server.thread.host, live_server.thread.port), 30) as line:
        line.sendall(f"{head}Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body)
        reply = b""
        while chunk := line.recv(65536):
            reply += chunk
    status, _, said = reply.partition(b"\r\n\r\n")
    assert status.split()[1] in (b"404", b"413")
    assert set(json.loads(said)) == {"error"}


def test_of_far_too_much_nothing_is_read(rf):
    request = rf.post("/api/v1/x", b"x" * (outside.MAX_BYTES + 1), content_type="application/json")
    outside._read_the_rest(request)
    assert len(request.read()) == outside.MAX_BYTES + 1
