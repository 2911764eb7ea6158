"""Hostile values in every place of every request of the API: a refusal in the one shape, never a fault of ours.

A good request is changed in one place at a time (and now and then as a whole); ILIMA_BODIES is how often for each operation.
"""

from __future__ import annotations

import copy
import json
import random
import uuid
from collections.abc import Iterator
from functools import cache

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from labelling.batches.create_batch import create_batch
from labelling.data.add_items import add_text_item
from labelling.data.create_dataset import create_dataset
from labelling.models import Upload
from labelling.models.holds import FLAGGED_FOR, PayHold
from labelling.projects.create_project import create_project
from labelling.work.draw_work import draw_work
from ledger import factories
from ledger.posting import post_many
from people.models import Person
from tests import sizes
from tests.chain.changes import at, places
from tests.security.doors import Door, doors
from tests.security.hostile import VALUES
from tests.security.test_permissions import call
from tests.security.world import Doors, lived_in, payout_of
from tests.worlds import LABELS, answer_to, opened, sentiment_world, sign_in, team_of
from wording.sentences import sentences

pytestmark = pytest.mark.django_db
LATER = "2999-01-31T12:00:00Z"


@pytest.fixture(scope="module")
def house(django_db_setup, django_db_blocker) -> Iterator[Doors]:
    """One for all the tests: each call is rolled back."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield furnished()
        transaction.set_rollback(True)


def furnished() -> Doors:
    """With a worker in it who holds work of another batch, and whose money is held and on its way; with a data set that takes addresses,
    and somebody who was asked into the organisation."""
    made = lived_in()
    world = opened(sentiment_world(items=10, workers=1))
    asked = Person.objects.create_user(email="asked@example.org")
    made.people |= {"worker": world.workers[0].person, "banned": made.world.workers[0].person, "asked": asked}
    earned(world.workers[0].pk, world.batch.pk, 1_000_000)
    now = timezone.now()
    PayHold.objects.create(
        worker=world.workers[0], project=world.project, kind="fast", since=now, until=now + FLAGGED_FOR
    )
    made.own["payout_id"] = payout_of(world.workers[0]).pk
    fields = {"title": "p", "task_type": "choice", "medium": "image", "config": {"labels": LABELS}}
    pictures = create_project(made.world.requester, made.world.organisation, **fields)
    made.own["dataset_id"] = create_dataset(made.world.requester, pictures, "pictures").pk
    add_text_item(made.world.dataset, "one for the label API")
    opened(made.world, keep_open=True)
    add_text_item(made.world.dataset, "one for a batch that is not open yet")
    draft = create_batch(made.world.requester, made.world.project, name="later", base_micro=10_000, bonus_micro=0)
    made.own["batch_id"] = draft.pk
    asked = {
        "columns": [{"name": "Words", "role": "text", "values": ["one"]}],
        "header": True,
        "encoding": "utf-8",
        "shape": "csv",
    }
    Upload.objects.filter(pk=made.own["upload_id"]).update(state="asks", asked=asked)
    made.own["lent"] = draw_work(world.workers[0], world.batch, 5)
    made.own["on_offer"] = world.batch.pk
    *_, made.own["secret"] = team_of(made.world)
    return made


def earned(worker_id: int, batch_id: int, amount_micro: int) -> None:
    answer = str(uuid.uuid4())
    post_many([factories.deposit(answer, 1, amount_micro, "USD", "elsewhere")])
    post_many([factories.fund_batch(batch_id, 1, amount_micro, "USD", part=99)])
    post_many([factories.earn(answer, batch_id, worker_id, amount_micro, "USD")])
    post_many([factories.settle(answer, batch_id, worker_id, amount_micro, 0, 0, "USD")])


def good_bodies(house: Doors) -> dict[tuple[str, str], dict]:
    """What each operation takes; those that are not here take no body."""
    own, lent, of_sw = house.own, house.own["lent"], next(iter(sentences("sw").values()))
    project = {
        "organisation": own["organisation_id"], "title": "t", "task_type": "choice", "medium": "text", "language": "en",
        "config": {"labels": [{"id": "a", "name": {"en": "A"}, "colour": "#1f77b4"}, {"id": "b", "name": {"en": "B"}}]},
        "instructions": {"en": "Look."}, "target_ppm": 900_000, "min_answers": 2, "max_answers": 3, "gold_share_bps": 0,
        "estimated_task_s": 5, "asks_belt": "seed", "asks_team": own["team_id"], "warnings": ["hate"], "suggestions_enabled": True,
        "label_api_threshold_ppm": 900_000, "label_api_audit_bps": 0,
    }  # fmt: skip
    answers = [{**answer_to(one, {"label": "good"}), "suggestion_shown": False} for one in lent[:2]]
    item = {"item": own["item_id"], "truth": {"label": "good"}, "explanation": "It is."}
    batch = {
        "name": "b",
        "base_micro": 10_000,
        "bonus_micro": 0,
        "deadline": LATER,
        "keep_open": True,
        "lease_s": 600,
        "pack_s": 0,
    }
    return {
        ("api-me", "PATCH"): {"language": "en", "display_name": "Nomsa", "reads": ["en", "zu"], "avoids": ["hate"]},
        ("api-me-terms", "POST"): {"version": settings.TERMS_VERSION, "country": "ZA", "adult": True},
        ("api-me-confirm", "POST"): {},
        ("api-me-notices", "PATCH"): {"work": True, "by": "email", "quiet_from": 21, "quiet_until": 7, "time_zone": "Africa/Johannesburg"},
        ("api-me-close", "POST"): {"confirm": "erase", "give_away": True},  # never a good one: her money is here
        ("api-invitation", "POST"): {},
        ("api-wallet-payouts", "POST"): {
            "id": str(uuid.uuid4()), "amount_micro": 100_000, "destination": {"phone": "+27820000001"},
        },
        ("api-work-draw", "POST"): {"batch": own["on_offer"], "n": 2, "id": str(uuid.uuid4()), "pack": True, "agrees": ["hate"]},
        ("api-work-renew", "POST"): {"batch": own["on_offer"], "pack": True},
        ("api-work-answers", "POST"): {"answers": answers},
        ("api-work-reading", "POST"): {"id": str(uuid.uuid4()), "batch": own["on_offer"], "active_ms": 9000},
        ("api-work-skip", "POST"): {"lease": lent[2].lease, "active_ms": 700},
        ("api-work-report", "POST"): {"lease": lent[3].lease, "reason": "other", "comment": "torn", "active_ms": 0},
        ("api-work-appeal", "POST"): {"answer": str(uuid.uuid4()), "words": "It is good."},
        ("api-wallet-hold-appeal", "POST"): {"words": "I looked at each."},
        ("api-payout-appeal", "POST"): {"words": "It is for the rent."},
        ("api-ban-appeal", "POST"): {"words": "Only I use it."},
        ("api-tokens", "POST"): {"name": "x", "scopes": ["work", "label"]},
        ("api-invitations", "POST"): {"organisation": own["organisation_id"], "address": "new@example.org", "role": "manager"},
        ("api-webhooks", "POST"): {"organisation": own["organisation_id"], "url": "https://hook.invalid/"},
        ("api-deposits", "POST"): {"id": str(uuid.uuid4()), "amount_micro": -1, "card": "4242"},  # never a good one: it would go out
        ("api-uploads", "POST"): {"urls": ["https://picture.invalid/a.png"]},
        ("api-upload-sessions", "POST"): {"id": str(uuid.uuid4())},
        ("api-upload-finish", "POST"): {"ask": True, "columns": {"Words": "text"}},  # never a good one: nothing was sent
        ("api-upload-columns", "POST"): {"columns": {"Words": "text"}, "header": True, "encoding": "utf-8"},
        ("api-upload-parts", "POST"): {"paths": ["a/b.png"]},  # never a good one: files come as a form
        ("api-projects", "POST"): project,
        ("api-datasets", "POST"): {"name": "more"},
        ("api-golds", "POST"): item,
        ("api-batches", "POST"): {**batch, "limit": 2, "min_answers": 1, "max_answers": 2},
        ("api-project", "PATCH"): {name: value for name, value in project.items() if name not in MADE_WITH},
        ("api-labels", "POST"): {
            "labels": [{"id": "good", "name": {"en": "Good"}}], "merge": {"bad": "good"}, "retire": [], "preview": True,
        },
        ("api-ask-again", "POST"): {
            "items": [own["item_id"]], "name": "again", "base_micro": 10_000, "bonus_micro": 0, "min_answers": 2,
            "max_answers": 3, "preview": True,
        },
        ("api-items-remove", "POST"): {"items": [own["item_id"]]},
        ("api-releases", "POST"): {"gold": True, "undecided": True, "labels": ["good"], "confidence_from_ppm": 500_000},
        ("api-warranty", "POST"): {
            "error_ppm": 50_000, "confidence_ppm": 950_000, "reference_error_ppm": 0, "draws": 300, "budget": 500,
        },
        ("api-label-promise", "POST"): {
            "error_ppm": 50_000, "confidence_ppm": 950_000, "reference_error_ppm": 0, "budget_micro": 10_000,
        },
        ("api-judges", "POST"): {
            "name": "A model", "protocol": "chat", "address": "https://models.example.org/v1", "model": "m", "key": "k",
            "prompt": "Good or bad?", "most_calls": 100, "price_micro": 1,
        },
        ("api-estimates", "POST"): {
            "of": "share", "what": "good", "half_width_ppm": 100_000, "confidence_ppm": 900_000, "draws": 50, "base_micro": 10_000,
            "bonus_micro": 1,
        },
        ("api-judge-exam", "POST"): {"prompt": "Look again."},
        ("api-judge-dismiss", "POST"): {"reason": "It is not needed."},
        ("api-judgements", "POST"): {"item": own["item_id"], "right": True},
        ("api-work-rate", "POST"): {"clear": 3, "fair": 2, "paid": 3, "words": "It is clear."},
        ("api-work-ask", "POST"): {"words": "What of a bad photo?"},
        ("api-work-thread", "POST"): {"words": "Who else does this?"},
        ("api-thread", "POST"): {"words": "Good morning."},
        ("api-sound", "POST"): {"file": "words.wav"},  # never a good one: a sound comes as a form
        ("api-rating-reply", "POST"): {"words": "Thank you."},
        ("api-task-question-reply", "POST"): {"words": "Leave it out."},
        ("api-language-sentences", "POST"): {"sentences": [{"id": of_sw.id, "text": of_sw.shipped}]},
        ("api-training", "POST"): {"seats": 2, "examples": 8, "base_micro": 50_000},
        ("api-exam", "POST"): {"seats": 2, "tasks": 8, "base_micro": 50_000},
        ("api-organisations", "POST"): {"name": "Another"},
        ("api-teams", "POST"): {"name": "Another"},
        ("api-team", "PATCH"): {"name": "Another"},
        ("api-team-links", "POST"): {"days": 7, "uses": 5},
        ("api-work-team-link", "POST"): {"secret": own["secret"]},
        ("api-work-team-join", "POST"): {"secret": own["secret"]},
        ("api-member", "PATCH"): {"role": "viewer"},
        ("api-try", "POST"): {"item": own["item_id"], "value": {"label": "good"}},
        ("api-item-label", "PUT"): {"value": {"label": "good"}, "reason": "It is."},
        ("api-batch-open", "POST"): {"limit": 2},
        ("api-label", "POST"): {"id": str(uuid.uuid4()), "item": {"text": "a new text"}, "external_id": "7"},
    }  # fmt: skip


MADE_WITH = ("organisation", "task_type", "medium", "config")  # a project keeps these, or has another door for them
BODILESS = {
    ("api-batch-close", "POST"),
    ("api-work-exam-again", "POST"),
    ("api-batch-resume", "POST"),
    ("api-batch-pause", "POST"),
    ("api-batch-copy", "POST"),
    ("api-project-archive", "POST"),
    ("api-token-renew", "POST"),
    ("api-post-report", "POST"),
    ("api-work-post-report", "POST"),
    ("api-payout-cancel", "POST"),
    ("api-webhook-try", "POST"),
}
QUERIES = ("before", "question", "cursor", "wait", "days", "account", "period", "as", "limit", "page", "format", "only")
HERS = ("api-work", "api-wallet", "api-payout", "api-me", "api-ban", "api-proof")


def role_of(name: str) -> str:
    if name == "api-language-sentences":
        return "admin"
    if name == "api-ban-appeal":
        return "banned"
    if name == "api-invitation":
        return "asked"
    return "worker" if name.startswith(HERS) else "requester"


def operations() -> list[tuple[Door, str]]:
    return [(door, method) for door in doors() if door.name.startswith("api-") for method in door.methods]


def changed(body: dict, rng: random.Random) -> Iterator[object]:
    """Each place with each hostile value first; when that is done, several places at once."""
    single = [(path, value) for path in places(body) for value in VALUES]
    rng.shuffle(single)
    yield from VALUES
    for path, value in single:
        yield put(body, {path: value})
    while True:
        yield put(body, {path: rng.choice(VALUES) for path in rng.sample(list(places(body)), min(3, len(body)))})


def put(body: dict, values: dict[tuple, object]) -> dict:
    made = copy.deepcopy(body)
    for path, value in sorted(values.items(), key=lambda one: -len(one[0])):
        at(made, path[:-1])[path[-1]] = value
    return made


def wrong_with(status: int, body: bytes, wrote: bool) -> str:
    """Why this is no way to answer, or nothing."""
    if status >= 500:
        return f"{status}"
    if status < 400:
        return ""
    if wrote:
        return f"{status}, and still something changed"
    if status == 409 and b'"results"' in body:  # of answers: each has its own
        return ""
    error = json.loads(body)["error"]
    said = (
        set(error) >= {"code", "field", "message"}
        and error["message"].endswith((".", "?"))
        and len(error["message"]) < 1000
    )
    return "" if said else f"{status}: {error}"


def client_of(house: Doors, role: str) -> Client:
    return sign_in(Client(raise_request_exception=False), house.people[role])


@pytest.fixture(autouse=True)
def _no_limit(settings):
    settings.THROTTLE_RATES = {**settings.THROTTLE_RATES, "person": "1000000/min", "team_link": "1000000/min"}


@pytest.mark.parametrize("name", sorted({door.name for door, method in operations() if method in ("POST", "PATCH")}))
def test_no_body_is_a_fault_of_ours(house, name):
    rng, bodies, wrong = random.Random(f"{sizes.SEED} {name}"), good_bodies(house), []
    client = client_of(house, role_of(name))
    for door, method in operations():
        if door.name != name or (name, method) not in bodies:
            continue
        url = reverse(name, kwargs=house.args(door.parameters))
        made = changed(bodies[name, method], rng)
        for _ in range(sizes.BODIES):
            body = next(made)
            found = wrong_with(*call(client, {}, url, method, body))
            wrong += [f"{method} {name} {json.dumps(body)[:300]}: {found}"] if found else []
    assert not wrong, "\n".join(wrong)


def test_every_operation_has_a_good_body_or_takes_none(house):
    writes = {(door.name, method) for door, method in operations() if method in ("POST", "PUT", "PATCH")}
    assert writes == set(good_bodies(house)) | BODILESS


def test_the_good_bodies_are_good(house):
    """The control: what is changed afterwards would be taken, so that each change is what is refused."""
    refused = {}
    for (name, method), body in good_bodies(house).items():
        door = next(door for door, _ in operations() if door.name == name)
        url = reverse(name, kwargs=house.args(door.parameters))
        status, reply, _ = call(client_of(house, role_of(name)), {}, url, method, body)
        if status >= 400:
            refused[name] = json.loads(reply)["error"]["field"] or status
    # On purpose: a deposit would go out to the rail, whoever closes an account takes her money first, a part is a file.
    on_purpose = {
        "api-deposits": "amount_micro",
        "api-me-close": "money",
        "api-upload-parts": "files",
        "api-upload-finish": "files",
        "api-warranty": "release",  # it is being built
        "api-estimates": "project",  # of so few items
        "api-work-rate": "project",  # where she has done nothing
        "api-work-ask": "project",
        "api-work-thread": "project",
        "api-sound": "file",
        "api-training": "examples",  # of so few known tasks
        "api-exam": "tasks",
    }
    assert refused == on_purpose | {
        "api-work-appeal": 404,
        "api-member": 404,
        "api-judgements": 404,
    }  # for want of a miss, of another member, and of a promise


@pytest.mark.parametrize("query", QUERIES)
def test_no_query_is_a_fault_of_ours(house, query):
    rng, wrong, texts = random.Random(f"{sizes.SEED} {query}"), [], [one for one in VALUES if isinstance(one, str)]
    signed_in = cache(lambda role: client_of(house, role))
    for door, method in operations():
        if method != "GET" or door.name == "api-schema":
            continue
        url, client = reverse(door.name, kwargs=house.args(door.parameters)), signed_in(role_of(door.name))
        for value in rng.sample(texts, min(sizes.QUERY_VALUES, len(texts))):
            found = wrong_with(*call(client, {}, url, method, {query: value}))
            wrong += [f"{door.name} {query}={value[:60]!r}: {found}"] if found else []
    assert not wrong, "\n".join(wrong)


RAW = (
    b"", b"{", b"null", b"[]", b"0", b'"x"', b"\x00", b"\xff\xfe", b'{"a":1}' * 2, b"[" * 100_000, b'{"a":' * 50_000,
    b'{"n":' + b"9" * 5000 + b"}", b'{"n":NaN}', b'{"n":1e999}', b'{"a":1,"a":2}', b'"\\ud800"', b'{"\\ud800":1}',
    b"\xef\xbb\xbf{}", "ｎｕｌｌ".encode(), b'{"__proto__":1}', b'{"":1}', b'{"answers":{}}', b"a=b", b"--x\r\n",
)  # fmt: skip
KINDS = (
    "application/json", "application/json; charset=utf-16", "application/json; charset=nothing", "application/json; charset=rot13",
    "multipart/form-data", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded", "text/html", "", "a/b/c", "\x00",
)  # fmt: skip


def test_no_bytes_are_a_fault_of_ours(house):
    wrong = []
    for door, method in operations():
        if method not in ("POST", "PATCH") or (door.name, method) in BODILESS:
            continue
        url, client = reverse(door.name, kwargs=house.args(door.parameters)), client_of(house, role_of(door.name))
        for raw, kind in [(raw, KINDS[0]) for raw in RAW] + [(RAW[-1], kind) for kind in KINDS]:
            found = wrong_with(*call(client, {}, url, method, raw, kind))
            wrong += [f"{method} {door.name} {kind!r} {raw[:30]!r}: {found}"] if found else []
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    "value", ["Bearer", "Bearer a b", "Bearer \xff", "Basic eDp5", "Bearer " + "x" * 5000, "\x00", "bearer ilm_"]
)
def test_no_authorization_is_a_fault_of_ours(house, value):
    client = Client(raise_request_exception=False)
    response = client.get(reverse("api-projects"), HTTP_AUTHORIZATION=value)
    assert response.status_code == 401
    assert wrong_with(response.status_code, response.content, False) == ""
