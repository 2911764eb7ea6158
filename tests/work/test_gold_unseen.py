"""Gold cannot be told from work before it is answered: not by what a phone gets, in which order, or how long an answer takes.

Each thing that a phone could look at is tried as a classifier: the area under its ROC curve must be that of a coin. Every one
has its control.
"""

from __future__ import annotations

import json
import random
import statistics
import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from labelling.models import Gold, Item, Suggestion
from labelling.work.accept_answers import accept_answers
from labelling.work.obfuscated_ids import shown_item_id
from ml_assist.actions.suggest import suggest
from ml_assist.actions.train_version import train_version
from ml_assist.actions.write_suggestions import may_have_suggestion, suggestion_of
from ml_assist.examples import content_of
from ml_assist.registry import load
from people.actions.make_token import make_token
from people.personal_data import TABLES, export_person
from tests.ml import data
from tests.ml.worlds import add_items, learning_world
from tests.worlds import opened, sentiment_world

pytestmark = pytest.mark.django_db
WORKERS, PACKS, PACK = 12, 5, 20
# Four standard deviations of an area of chance: with so many tasks, and with as many numbers as there are items.
COIN, COIN_OF_NUMBERS = 0.08, 0.14
TURN = {"good": "bad", "bad": "good"}


@pytest.fixture(scope="module")
def crowd(django_db_setup, django_db_blocker):
    """What twelve workers' phones were lent: [(is gold, place in the pack, the pack, the task)], with a live model at work."""
    random.seed(5)
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        world = noisy_world()
        yield world, [row for worker in world.workers for row in lent_to(worker, world)]
        transaction.set_rollback(True)


def noisy_world():
    """Every ninth label is turned around, so that to have learned an item shows."""
    noisy = [type(e)(e.content, TURN[e.label] if i % 9 == 0 else e.label) for i, e in enumerate(data.english(240))]
    world = learning_world(noisy, workers=WORKERS, min_answers=WORKERS, max_answers=WORKERS, gold_share_bps=2000)
    add_items(world, data.english(120, seed=9))
    version = train_version(world.project)
    assert version.state == "live", version.reason
    opened(world)
    suggest(version)
    world.version = version
    return world


def client_of(worker) -> Client:
    return Client(headers={"Authorization": f"Bearer {make_token(worker.person, 'test', ['work'])[1]}"})


def draw(client: Client, batch, n: int) -> list[dict]:
    body = {"batch": batch.pk, "n": n, "id": str(uuid.uuid4())}
    return client.post("/api/v1/work/draw", body, content_type="application/json").json()["leases"]


def lent_to(worker, world) -> list[tuple[bool, int, list[dict], dict]]:
    golds = {shown_item_id(pk) for pk in Gold.objects.values_list("item_id", flat=True)}
    client, rows = client_of(worker), []
    for _ in range(PACKS):
        pack = draw(client, world.batch, PACK)
        rows += [(task["item"]["id"] in golds, place, pack, task) for place, task in enumerate(pack)]
    return rows


def auc(rows, feature) -> float:
    """The area under the ROC curve: the share of pairs (gold, work) that the feature puts in one order; ties count half."""
    gold = [feature(*row[1:]) for row in rows if row[0]]
    work = [feature(*row[1:]) for row in rows if not row[0]]
    assert len(gold) > 100
    return sum((g > w) + (g == w) / 2 for g in gold for w in work) / (len(gold) * len(work))


def confidence(place, pack, task) -> int:
    return task.get("suggestion", {}).get("confidence_ppm", 0)


FEATURES = {
    "place in the pack": lambda place, pack, task: place,
    "number of the item": lambda place, pack, task: task["item"]["id"],
    "number far from the others": lambda place, pack, task: abs(
        task["item"]["id"] - statistics.median(one["item"]["id"] for one in pack)
    ),
    "has a suggestion": lambda place, pack, task: "suggestion" in task,
    "how sure it is": confidence,
    "when the lease ends": lambda place, pack, task: task["expires_at"],
    "number of the lease": lambda place, pack, task: task["lease"],
    "bytes besides the text": lambda place, pack, task: len(json.dumps(task)) - len(json.dumps(task["item"]["text"])),
}


@pytest.mark.parametrize("name", FEATURES)
def test_nothing_that_a_phone_gets_tells(crowd, name):
    limit = COIN_OF_NUMBERS if name.startswith("number") else COIN
    assert abs(auc(crowd[1], FEATURES[name]) - 0.5) <= limit


def test_a_task_has_the_same_fields_whatever_it_is(crowd):
    shapes = {False: set(), True: set()}
    for is_gold, _, _, task in crowd[1]:
        shapes[is_gold].add((tuple(task), tuple(task["item"])))
    assert shapes[True] == shapes[False]


def test_control_the_items_own_numbers_would_tell(crowd):
    _, rows = crowd
    own = {shown_item_id(pk): pk for pk in Item.objects.values_list("pk", flat=True)}

    def far(place, pack, task) -> float:
        return abs(own[task["item"]["id"]] - statistics.median(own[one["item"]["id"]] for one in pack))

    assert auc(rows, far) > 0.9


def test_control_gold_without_suggestions_would_tell(crowd):
    _, rows = crowd
    bare = [(is_gold, place, pack, {} if is_gold else task) for is_gold, place, pack, task in rows]
    assert abs(auc(bare, FEATURES["has a suggestion"]) - 0.5) > 0.3


def taken_along(crowd) -> list[tuple[bool, int, dict]]:
    """[(is gold, place in the export, the row)] of every lease in everybody's own data, taken before anything is answered."""
    world, rows = crowd
    is_gold = {task["lease"]: gold for gold, _, _, task in rows}
    found = []
    for worker in world.workers:
        told = json.loads("".join(export_person(worker.person)))["labelling.Lease"]
        found += [(is_gold[row["id"]], place, row) for place, row in enumerate(told)]
    assert len(found) == len(rows)
    return found


def auc_of_column(found, feature) -> float:
    """As auc(), of whatever can be put in an order; None comes first."""
    values = sorted({str(feature(place, row)) for _, place, row in found})
    order = {value: position for position, value in enumerate(values)}
    return auc([(gold, place, row) for gold, place, row in found], lambda place, row: order[str(feature(place, row))])


def test_no_column_of_her_own_data_tells(crowd):
    found = taken_along(crowd)
    assert {tuple(row) for _, _, row in found} == {tuple(found[0][2])}
    for name in found[0][2]:
        assert abs(auc_of_column(found, lambda _, row, name=name: row[name]) - 0.5) <= COIN, name
    assert abs(auc_of_column(found, lambda place, _: f"{place:06}") - 0.5) <= COIN, "the order of the rows"


def test_control_the_columns_that_are_left_out_would_tell(crowd, monkeypatch):
    for table in TABLES:
        if table.model == "labelling.Lease":
            monkeypatch.setitem(vars(table), "once_answered", frozenset())
    assert auc_of_column(taken_along(crowd), lambda _, row: row["batch_item"] is None) == 1


def test_her_own_data_say_what_a_task_was_once_it_is_answered(crowd):
    world, rows = crowd
    task = rows[-1][3]
    lease = next(row for _, _, row in taken_along(crowd) if row["id"] == task["lease"])
    assert "item" not in lease
    (worker,) = [one for one in world.workers if one.leases.filter(pk=task["lease"])]
    accept_answers(
        worker, [{"id": str(uuid.uuid4()), "lease": task["lease"], "value": {"label": "good"}, "active_ms": 9}]
    )
    lease = next(row for _, _, row in taken_along(crowd) if row["id"] == task["lease"])
    assert {"item", "batch_item", "suggestion"} <= set(lease)


def test_her_own_data_do_not_say_how_far_a_queue_has_moved(crowd):
    """Known tasks move no cursor: who draws one at a time and looks at hers in between would know."""
    (cursor,) = json.loads("".join(export_person(crowd[0].workers[0].person)))["labelling.DrawCursor"]
    assert set(cursor) == {"id", "worker", "batch"}


def test_the_number_of_tasks_left_moves_the_same_whatever_was_drawn():
    """Counted down by work alone, it would tell which draw was of a known one."""
    random.seed(7)
    world = opened(sentiment_world(items=30, workers=1, golds=15, gold_share_bps=5000))
    client, golds = client_of(world.workers[0]), {shown_item_id(item.pk) for item in world.golds}

    def left() -> int:
        offers = client.get("/api/v1/work/batches").json()["results"]
        return next(offer["open_items"] for offer in offers if offer["batch"] == world.batch.pk)

    seen, before, leases = set(), left(), []
    for number in range(20):
        (task,) = draw(client, world.batch, 1)
        after = left()
        seen.add((task["item"]["id"] in golds, before - after))
        before, leases = after, [*leases, task]
        if number % 3 == 0:
            door = "skip" if number % 2 else "report"
            body = {"lease": task["lease"]} | ({} if door == "skip" else {"reason": "other"})
            assert client.post(f"/api/v1/work/{door}", body, content_type="application/json").json() == {"ok": True}
            seen.add((task["item"]["id"] in golds, before - left() + 1))
    assert seen == {(True, 1), (False, 1)}


def test_whoever_takes_every_suggestion_is_found_out(crowd):
    """A model that learned from a gold item would give its truth away, as the live one does: the control."""
    world, _ = crowd
    truths = {gold.item_id: gold.truth for gold in Gold.objects.all()}
    shown = Suggestion.objects.filter(item__in=truths, model_version_id=world.version.pk)
    items = [item for item in Item.objects.filter(pk__in=truths) if may_have_suggestion(item)]
    assert {one.item_id for one in shown} == {item.pk for item in items}
    by_the_live_one = [
        suggestion_of(item.pk, world.version, said)
        for item, said in zip(items, load(world.version).predict([content_of(i) for i in items]), strict=True)
    ]
    turned = {item for item, truth in truths.items() if truth["label"] != plain_label(item)}

    def right_on_turned(suggestions) -> float:
        found = [one.value == truths[one.item_id] for one in suggestions if one.item_id in turned]
        return sum(found) / len(found)

    assert right_on_turned(shown) < 0.1
    assert right_on_turned(by_the_live_one) >= right_on_turned(shown)


def plain_label(item_id: int) -> str:
    text = Item.objects.get(pk=item_id).payload["text"]
    return "good" if any(word in text for word in data.ENGLISH["good"][0]) else "bad"


def test_an_answer_costs_the_same_whatever_it_is(crowd):
    world, rows = crowd
    client, hers = (
        client_of(world.workers[-1]),
        {str(pk) for pk in world.workers[-1].leases.values_list("pk", flat=True)},
    )
    mine = [row for row in rows if row[3]["lease"] in hers]

    truths = {shown_item_id(item): truth for item, truth in Gold.objects.values_list("item_id", "truth")}

    def statements(task: dict) -> int:
        """Of a right answer: a miss is told in the reply, and looks up in which of them it stands."""
        value = truths.get(task["item"]["id"], {"label": "good"})
        answer = {"id": str(uuid.uuid4()), "lease": task["lease"], "value": value, "active_ms": 2000}
        with CaptureQueriesContext(connection) as queries:
            reply = client.post("/api/v1/work/answers", {"answers": [answer]}, content_type="application/json")
        assert reply.json()["results"][0]["status"] == "accepted", reply.json()
        return len(queries)

    golds, work = ([task for is_gold, _, _, task in mine if is_gold is kind] for kind in (True, False))
    statements(work[0])  # the first one also notes the token's use
    assert statements(golds[0]) == statements(work[1]) == statements(golds[1])


@pytest.mark.parametrize("n", [1, 2, 3])
def test_a_draw_never_gives_more_than_it_was_asked_for(n):
    """Two tasks for one would be one that counts and one that does not. Single draws meet gold, too, at its share."""
    random.seed(11)
    world = opened(sentiment_world(items=80, workers=1, golds=40, gold_share_bps=4000))
    client, golds = client_of(world.workers[0]), {shown_item_id(item.pk) for item in world.golds}
    packs = [draw(client, world.batch, n) for _ in range(60 // n)]
    assert {len(pack) for pack in packs} == {n}
    met = sum(task["item"]["id"] in golds for pack in packs for task in pack)
    assert 12 <= met <= 36  # 24 expected of 60; more than three standard deviations


def test_gold_alone_is_lent_to_nobody_for_whom_no_work_is_left():
    world = opened(sentiment_world(items=1, workers=1, golds=5, gold_share_bps=5000))
    client = client_of(world.workers[0])
    random.seed(3)
    lent = [draw(client, world.batch, 1) for _ in range(20)]
    work = shown_item_id(world.items[0].pk)
    assert [pack[0]["item"]["id"] for pack in lent if pack][-1] == work
    assert lent[-1] == []
