"""A requester finds her items: by words in any script, by what was decided, in an order, page by page; the console and the API alike."""

import json

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from delivery import outbox
from kernel.errors import DomainError
from labelling.data import items
from labelling.data.add_items import add_text_item
from labelling.data.items import FILTERS, SORTS, find_items
from labelling.models import Decision, Item
from labelling.models.words import query_of
from labelling.work.accept_answers import accept_answers
from labelling.work.draw_work import draw_work
from labelling.work.return_lease import report_lease
from tests.worlds import answer_to, opened, sentiment_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return sentiment_world(items=4, workers=3, golds=1)


def decided(item: Item, label: str = "good", confidence: float = 0.9, agreement: float = 1.0, **more) -> Decision:
    fields = {"final": True, "sure": True, "answers_used": 2, "method": "m/1", "inputs_hash": "0" * 64} | more
    return Decision.objects.create(
        item=item, project=item.project, value={"label": label}, confidence_ppm=round(confidence * 1e6),
        agreement_ppm=round(agreement * 1e6), decided_at=timezone.now(), **fields,
    )  # fmt: skip


def found(world, **wanted) -> list[str]:
    rows, sort = find_items(world.project, wanted)
    return [str(row) for row in rows.order_by(*(name if sort.ascending else f"-{name}" for name in sort.keys))]


@pytest.mark.parametrize(
    ("text", "asked", "holds"),
    [
        ("The parcel came too late", "parcel late", True),
        ("The parcel came too late", "PARC", True),
        ("The parcel came too late", "arcel", False),  # the middle of a word is no beginning
        ("The parcel came too late", "late early", False),
        ("退款没有到账", "没有", True),
        ("退款没有到账", "款没有到", True),
        ("退款没有到账", "没", True),
        ("退款没有到账", "到没", False),
        ("ลูกค้าไม่พอใจ", "ไม่พอใจ", True),
        ("Не пришла посылка", "посыл", True),
        ("Umthwalo awufikanga", "umthwalo", True),
        ("see street/img_0042.jpg", "0042", True),
        ("see street/img_0042.jpg", "img_0042", True),
        ("it's a C++ & 'SQL' <b>", "c++", True),
        ("it's a C++ & 'SQL' <b>", "sql", True),
        ("ग्राहक नाराज़ है", "नारा", True),
        ("“Quoted”… ¿verdad?", "quoted verdad", True),
        ("x" * 3_000 + " tail", "x" * 100 + " tail", True),
        ("word " * 20_000 + "tail", "tail", False),  # behind the first 50,000 signs
    ],
)
def test_words_are_found_in_any_script_as_they_begin(world, text, asked, holds):
    item = add_text_item(world.dataset, text, external_id="wanted")
    assert ("wanted" in found(world, q=asked)) is holds
    assert item.project_id == world.project.pk


def test_the_name_the_path_and_the_metadata_are_searched_and_no_other_project(world):
    other = sentiment_world(items=1, workers=1)
    for dataset in (world.dataset, other.dataset):
        add_text_item(dataset, "plain", external_id="row-77", metadata={"city": "Durban", "tags": ["river", 5]})
    for asked in ("row 77", "durban", "river", "plain durban"):
        assert found(world, q=asked) == ["row-77"], asked
    assert found(world, q="city") == []  # the key of metadata is in every row
    assert found(world, q="%&|!()") == []


@pytest.mark.parametrize("few", [0, items.FEW])
def test_words_are_looked_up_in_their_index_and_never_join_by_guess(world, monkeypatch, few):
    """Whatever the planner believes of a word, every item's words are not made anew, and no two lists are compared row by row."""
    monkeypatch.setattr(items, "FEW", few)
    before = sequential_scans()
    assert found(world, q="text") == [str(world.golds[0]), *(str(item) for item in reversed(world.items))]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        assert len(found(world, q="text number", sort="oldest", state="open")) == len(world.items)
        rows, _ = find_items(world.project, {"q": "text", "state": "open"})
        assert "hashed SubPlan" in rows.explain() or few
        cursor.execute("RESET enable_seqscan")
        start = sequential_scans()
        cursor.execute("SELECT labelling_items_with(%s::tsquery, NULL)", [query_of("text", world.project.pk)])
        assert len(cursor.fetchall()) == len(world.items) + 1
    assert sequential_scans() == start, "all items were read"
    assert start >= before


def sequential_scans() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT seq_scan FROM pg_stat_xact_user_tables WHERE relname = 'labelling_item'")
        return cursor.fetchone()[0]


def test_words_that_wait_for_their_index_are_found(world):
    """Many new ones wait in a list, which an import need not sort in itself."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT reloptions FROM pg_class WHERE relname = 'words_of_items'")
        assert cursor.fetchone()[0] == ["gin_pending_list_limit=32768"]
    items = [add_text_item(world.dataset, f"a word of its own, waiting{n}") for n in range(300)]
    assert found(world, q="waiting299") == [str(items[-1])]
    assert len(found(world, q="waiting")) == 300


def test_the_project_of_an_item_is_that_of_its_data_set(world):
    other = sentiment_world(items=0, workers=0)
    for moved in ({"project": other.project}, {"dataset": other.dataset}):
        with pytest.raises(IntegrityError, match="item_of_dataset_and_project"), transaction.atomic():
            move(world.items[0], moved)


def move(item: Item, to: dict) -> None:
    Item.objects.filter(pk=item.pk).update(**to)
    connection.check_constraints()


def test_each_filter_and_their_sum(world):
    a, b, c, _ = world.items
    for name, item in zip("abcd", world.items, strict=True):
        Item.objects.filter(pk=item.pk).update(external_id=name)
    decided(a, "good", 0.99)
    decided(b, "bad", 0.6, agreement=0.5, sure=False)
    decided(c, "good", 0.7, final=False)
    gold = str(world.golds[0])
    assert found(world) == [gold, "d", "c", "b", "a"]
    assert found(world, sort="oldest") == ["a", "b", "c", "d", gold]
    assert found(world, state="open") == ["d", "c"]
    assert found(world, state="decided") == ["b", "a"]
    assert found(world, state="unsure") == ["b"]
    assert found(world, label="good") == ["c", "a"]
    assert found(world, label="good", state="sure") == ["a"]
    assert found(world, confidence_from="65", confidence_to="99,5") == ["c", "a"]
    assert found(world, agreement_to="50") == ["b"]
    assert found(world, gold="yes") == [gold]
    assert found(world, gold="no", q="text 3") == ["d"]
    assert found(world, sort="least_sure") == ["b", "a"]
    assert found(world, sort="most_sure") == ["a", "b"]
    assert found(world, sort="least_agreed") == ["b", "a"]
    assert found(world, dataset=str(world.dataset.pk), state="sure") == ["a"]
    assert found(world, dataset="999999") == []


def test_reported_items_and_those_of_a_batch(world):
    opened(world)
    lent = draw_work(world.workers[0], world.batch, 1)[0]
    report_lease(world.workers[0], lent.lease, "broken", "no picture")
    assert len(found(world, reported="yes")) == 1
    assert len(found(world, reported="no")) == 4
    assert len(found(world, batch=str(world.batch.pk))) == 4
    assert found(world, batch=str(opened(sentiment_world(items=1, workers=1)).batch.pk)) == []


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        ({"stat": "open"}, "stat"),
        ({"state": "shut"}, "state"),
        ({"label": "ugly"}, "label"),
        ({"confidence_from": "-1"}, "confidence_from"),
        ({"confidence_to": "nan"}, "confidence_to"),
        ({"confidence_to": "１"}, "confidence_to"),
        ({"agreement_to": "101"}, "agreement_to"),
        ({"gold": "perhaps"}, "gold"),
        ({"reported": "1"}, "reported"),
        ({"batch": "x"}, "batch"),
        ({"dataset": "9" * 30}, "dataset"),
        ({"sort": "best"}, "sort"),
        ({"q": "x" * 201}, "q"),
    ],
)
def test_what_is_no_filter_is_refused_by_name_in_both_places(client, world, wanted, field):
    with pytest.raises(DomainError) as refusal:
        find_items(world.project, wanted)
    assert refusal.value.field == field
    client.force_login(world.requester)
    reply = client.get(reverse("api-items", args=[world.project.pk]), wanted)
    assert (reply.status_code, reply.json()["error"]["field"]) == (400, field)
    page = client.get(reverse("console:items", args=[world.project.pk]), wanted)
    assert page.status_code == 400
    assert "All items are shown." in page.content.decode()


def walked(client: Client, address: str) -> list[int]:
    ids = []
    while address:
        page = client.get(address).json()
        ids += [row["id"] for row in page["results"]]
        address = page["next"]
    return ids


@pytest.mark.parametrize("sort", SORTS)
def test_pages_show_each_item_once_in_every_order(client, world, sort):
    for place in range(60):  # many are equally sure
        decided(
            add_text_item(world.dataset, f"more {place}"),
            confidence=0.5 + place % 3 / 10,
            agreement=0.5 + place % 2 / 2,
        )
    client.force_login(world.requester)
    whole = Item.objects.filter(project=world.project)
    whole = whole if sort in ("newest", "oldest") else whole.filter(decision__final=True)
    ids = walked(client, reverse("api-items", args=[world.project.pk]) + f"?sort={sort}&page_size=7")
    assert sorted(ids) == sorted(whole.values_list("pk", flat=True))
    assert len(ids) == len(set(ids))
    assert in_console(client, world, sort) == ids


def in_console(client: Client, world, sort: str) -> list[int]:
    """The same walk by the pager of the page, forwards; then back from the end."""
    import re

    address, there, pages = reverse("console:items", args=[world.project.pk]), [], 0
    query = f"?sort={sort}"
    while query:
        page = client.get(address + query).content.decode()
        there += [int(pk) for pk in re.findall(r'<a class="row top" href="/console/items/(\d+)/', page)]
        onward = re.search(r'href="(\?[^"]*before=[^"]+)" rel="next"', page)
        query, pages = onward and onward[1].replace("&amp;", "&"), pages + 1
    assert pages == -(-len(there) // 25)
    end = client.get(address, {"sort": sort, "after": "start"}).content.decode()
    assert f"/console/items/{there[-1]}/" in end
    return there


def test_the_page_of_an_item_leads_on_in_the_order_of_the_list(client, world):
    client.force_login(world.requester)
    for item, confidence in zip(world.items, (0.9, 0.6, 0.8, 0.7), strict=True):
        decided(item, confidence=confidence)
    first, least = world.items[0].pk, [world.items[n].pk for n in (1, 3, 2, 0)]
    page = client.get(reverse("console:item", args=[least[1]]), {"sort": "least_sure"}).content.decode()
    assert f'rel="prev" data-key="k" href="/console/items/{least[0]}/?sort=least_sure"' in page
    assert f'rel="next" data-key="j" href="/console/items/{least[2]}/?sort=least_sure"' in page
    last = client.get(reverse("console:item", args=[first]), {"sort": "least_sure"}).content.decode()
    assert 'rel="next"' not in last
    assert client.get(reverse("console:item", args=[first]), {"state": "nonsense"}).status_code == 200


def test_an_item_tells_all_that_stands_behind_it_under_pseudonyms(client, world):
    opened(world)
    for worker in world.workers[:2]:
        accept_answers(worker, [answer_to(one, {"label": "good"}) for one in draw_work(worker, world.batch, 20)])
    outbox.drain()
    item = world.items[0]
    add_text_item(world.dataset, item.payload["text"], external_id="again", metadata={"k": "v"})
    client.force_login(world.requester)
    told = client.get(reverse("api-item", args=[item.pk])).json()
    assert [one["worker"] for one in told["answers"]] == [worker.pseudonym for worker in world.workers[:2]]
    assert told["decision"]["value"] == {"label": "Good", "label_id": "good"}
    assert told["rows"] == [{"external_id": "again", "file_name": "", "metadata": {"k": "v"}}]
    assert set(told) >= {"gold", "earlier_decisions", "reports", "media", "dataset", "file_name"}
    assert not any(worker.person.email in json.dumps(told) for worker in world.workers)
    page = client.get(reverse("console:item", args=[item.pk])).content.decode()
    assert "1 further row with the same content" in page


def test_columns_are_those_that_were_ticked(client, world):
    add_text_item(world.dataset, "with a city", metadata={"city": "Durban"})
    client.force_login(world.requester)
    address = reverse("console:items", args=[world.project.pk])
    page = client.get(address, {"column": ["metadata.city", "added"]}).content.decode()
    head = page[page.index("<thead>") : page.index("</thead>")]
    assert [word in head for word in ("city", "Added", "Confidence")] == [True, True, False]
    assert "Durban" in page


def test_every_filter_is_in_the_form_and_in_the_api(client, world):
    client.force_login(world.requester)
    opened(world)
    from labelling.data.create_dataset import create_dataset

    create_dataset(world.requester, world.project, "second")
    page = client.get(reverse("console:items", args=[world.project.pk])).content.decode()
    assert [name for name in (*FILTERS, "sort") if f'name="{name}"' not in page] == []
