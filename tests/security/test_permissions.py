"""Who may open which door: the table in permissions.csv, tried in full.

Each URL x method x role. Another's row and no row give the same status and the same body; what is refused changes nothing.
"""

import json
import re
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.test.client import MULTIPART_CONTENT
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from people.models import ApiToken, Person
from tests.security.doors import ROLES, doors, table
from tests.security.world import Doors, lived_in
from tests.worlds import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> Doors:
    cache.clear()  # no codes were sent yet
    lived = lived_in()
    ApiToken.objects.update(
        last_used_at=timezone.now() + timedelta(days=1)
    )  # noted each five minutes; a busy machine takes longer
    return lived


def test_every_door_is_in_the_table():
    """A new URL, or a new method of one, is not there until somebody has decided who may use it."""
    in_house = {(door.name, method) for door in doors() for method in door.methods}
    in_table = {(row["door"], row["method"]) for row in table()}
    assert sorted(in_house - in_table) == []
    assert sorted(in_table - in_house) == []


WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE|TRUNCATE|WITH\b.*\b(INSERT|UPDATE|DELETE))\b", re.IGNORECASE | re.DOTALL)


class Rollback(Exception):
    pass


def client_of(house: Doors, role: str) -> tuple[Client, dict[str, str]]:
    """A client that is signed in as the role, and its headers."""
    client = Client(raise_request_exception=False)
    if role.startswith("token-"):
        return client, {"Authorization": f"Bearer {house.tokens[role]}"}
    if role != "anonymous":
        sign_in(client, house.people["requester" if role == "absent" else role])
    return client, {}


def call(
    client: Client, headers: dict, url: str, method: str, body=None, kind="application/json"
) -> tuple[int, bytes, bool]:
    """Status, body, and whether a refusal changed something. The call is rolled back, so each starts from the same state."""
    query, raw = "", b""
    if method == "GET":
        query = urlencode(body or {}, errors="surrogatepass")
    elif isinstance(body, bytes):
        raw = body
    elif url.startswith("/api/"):
        raw = json.dumps({} if body is None else body).encode()
    else:
        kind = MULTIPART_CONTENT
    connection.queries_log.clear()  # it holds 9,000, and the table asks more than that in all
    try:
        with transaction.atomic(), CaptureQueriesContext(connection) as seen:
            response = client.generic(method, url, raw, kind, headers=headers, QUERY_STRING=query)
            answer = b"" if response.streaming else response.content
            raise Rollback
    except Rollback:
        return response.status_code, answer, response.status_code >= 400 and wrote(seen.captured_queries)


def wrote(queries: list[dict]) -> bool:
    """Whether a row was written by a statement that was not rolled back to a savepoint afterwards. Sessions do not count."""
    written, marks = [], {}
    for query in (query["sql"] or "" for query in queries):  # nothing where the statement could not even be sent
        if query.startswith("SAVEPOINT"):
            marks[query.split()[1]] = len(written)
        elif query.startswith("ROLLBACK TO SAVEPOINT"):
            del written[marks[query.split()[3]] :]
        elif WRITES.match(query) and "django_session" not in query:
            written.append(query)
    return bool(written)


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
    """(row, role, status, body, whether a refusal changed something) for the whole table."""
    known = {door.name: door for door in doors()}
    clients = {role: client_of(house, role) for role in ROLES}
    for row in table():
        door = known[row["door"]]
        for role in ROLES:
            if row[role]:
                url = reverse(door.name, kwargs=house.args(door.parameters, absent=role == "absent"))
                yield row, role, *call(*clients[role], url, row["method"])


def test_the_table_holds(house):
    wrong, bodies = [], {}
    for row, role, status, body, changed in tried(house):
        said = f"{row['method']} {row['door']} as {role}"
        bodies[row["door"], row["method"], role] = body
        if status != int(row[role]):
            wrong.append(f"{said}: {status}, the table says {row[role]}")
        if changed:
            wrong.append(f"{said}: refused with {status}, and still something changed")
    for door, method, role in bodies:
        if role == "absent" and neutral(bodies[door, method, "other"]) != neutral(bodies[door, method, "absent"]):
            wrong.append(f"{method} {door}: another's and absent read differently")
    assert wrong == [], "\n".join(wrong)


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


def test_the_watch_sees_what_stays_and_forgives_what_was_undone(house):
    """The control of "a refusal changes nothing"."""
    nomsa = Person.objects.filter(pk=house.people["worker"].pk)
    before = fingerprint()
    with CaptureQueriesContext(connection) as undone:
        try:
            with transaction.atomic():
                nomsa.update(display_name="nomsA")
                raise Rollback
        except Rollback:
            assert fingerprint() == before
    assert not wrote(undone.captured_queries)
    with CaptureQueriesContext(connection) as kept, transaction.atomic():
        nomsa.update(display_name="nomsA")
    assert wrote(kept.captured_queries)
    assert fingerprint() != before
