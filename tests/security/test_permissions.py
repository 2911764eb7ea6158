"""Who may open which door: the table in permissions.csv, tried in full.

Each URL x method x role. Another's row and no row give the same status and the same body; what is refused changes nothing.
"""

import json
import re

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from people.models import Person
from tests.security.doors import ROLES, doors, table
from tests.security.world import Doors, lived_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> Doors:
    return lived_in()


def test_every_door_is_in_the_table():
    """A new URL, or a new method of one, is not there until somebody has decided who may use it."""
    in_house = {(door.name, method) for door in doors() for method in door.methods}
    in_table = {(row["door"], row["method"]) for row in table()}
    assert sorted(in_house - in_table) == []
    assert sorted(in_table - in_house) == []


class Rollback(Exception):
    pass


def client_of(house: Doors, role: str) -> tuple[Client, dict[str, str]]:
    """A client that is signed in as the role, and its headers."""
    client = Client(raise_request_exception=False)
    if role.startswith("token-"):
        return client, {"Authorization": f"Bearer {house.tokens[role]}"}
    if role != "anonymous":
        client.force_login(house.people["requester" if role == "absent" else role])
    return client, {}


def call(client: Client, headers: dict, url: str, method: str) -> tuple[int, bytes, tuple]:
    """Status, body, and the state of the database after it. The call is rolled back, so each starts from the same state."""
    kind = {"content_type": "application/json"} if url.startswith("/api/") else {}
    arguments = {} if method == "GET" else {"data": json.dumps({}) if kind else {}, **kind}
    try:
        with transaction.atomic():
            response = getattr(client, method.lower())(url, headers=headers, **arguments)
            body = b"" if response.streaming else response.content
            state = fingerprint() if response.status_code >= 400 else ()
            raise Rollback
    except Rollback:
        return response.status_code, body, state


def fingerprint() -> tuple:
    """A hash of each table: whatever is written anywhere shows."""
    with connection.cursor() as cursor:
        names = [name for name in connection.introspection.table_names(cursor) if name != "django_session"]
        parts = ", ".join(
            f"(SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM \"{name}\" t)" for name in names
        )
        cursor.execute(f"SELECT {parts}")
        return cursor.fetchone()


def tried(house: Doors):
    """(row, role, status, body, the state after a refusal) for the whole table."""
    known = {door.name: door for door in doors()}
    clients = {role: client_of(house, role) for role in ROLES}
    for row in table():
        door = known[row["door"]]
        for role in ROLES:
            if row[role]:
                url = reverse(door.name, kwargs=house.args(door.parameters, absent=role == "absent"))
                yield row, role, *call(*clients[role], url, row["method"])


def test_the_table_holds(house):
    wrong, bodies, before = [], {}, ()
    for row, role, status, body, state in tried(house):
        said = f"{row['method']} {row['door']} as {role}"
        bodies[row["door"], row["method"], role] = body
        if status != int(row[role]):
            wrong.append(f"{said}: {status}, the table says {row[role]}")
        before = before or fingerprint()  # everybody has signed in by now, and each call is rolled back
        if status >= 400 and state != before:
            wrong.append(f"{said}: refused with {status}, and still something changed")
    for door, method, role in bodies:
        if role == "absent" and neutral(bodies[door, method, "other"]) != neutral(bodies[door, method, "absent"]):
            wrong.append(f"{method} {door}: another's and absent read differently")
    assert wrong == []


def neutral(body: bytes) -> bytes:
    """Without what differs between any two pages: the CSRF token, the address that was asked for, the reader's own name."""
    body = re.sub(rb'name="next" value="[^"]+"', b"", body)
    body = re.sub(rb'name="csrfmiddlewaretoken" value="[^"]+"', b"", body)
    return re.sub(rb"<h2>requester-\d+@example.org</h2>", b"", body)


def test_the_table_asks_for_another_and_absent_wherever_a_row_is_named():
    rows = {door.name: door for door in doors() if any(p.endswith("_id") and p != "entry_id" for p in door.parameters)}
    for row in table():
        if row["door"] in rows:
            assert row["other"], row
            assert row["absent"], row
            assert row["other"] == row["absent"], row


def test_a_form_without_its_csrf_token_is_refused(house):
    client = Client(enforce_csrf_checks=True)
    client.force_login(house.people["requester"])
    before = fingerprint()
    assert client.post(reverse("console:tokens"), {"name": "x", "scopes": ["work"]}).status_code == 403
    assert (
        client.post(
            reverse("api-tokens"), json.dumps({"name": "x", "scopes": ["work"]}), content_type="application/json"
        ).status_code
        == 403
    )
    assert fingerprint() == before


def test_django_admin_is_for_admins_only(house):
    index = reverse("admin:index")
    for role, status in (("worker", 403), ("requester", 403), ("reviewer", 403), ("admin", 200)):
        client = Client()
        client.force_login(house.people[role])
        assert client.get(index, follow=True).status_code == status, role
    assert Client().get(index, follow=True).request["PATH_INFO"] == "/accounts/login/"


def test_a_revoked_token_and_an_inactive_person_open_nothing(house):
    token = house.tokens["token-projects"]
    headers = {"Authorization": f"Bearer {token}"}
    assert Client().get(reverse("api-projects"), headers=headers).status_code == 200
    Person.objects.filter(pk=house.people["requester"].pk).update(is_active=False)
    assert Client().get(reverse("api-projects"), headers=headers).status_code == 401


def test_the_fingerprint_sees_one_changed_letter(house):
    """The control of "a refusal changes nothing"."""
    before = fingerprint()
    assert fingerprint() == before
    Person.objects.filter(pk=house.people["worker"].pk).update(display_name="nomsA")
    assert fingerprint() != before
