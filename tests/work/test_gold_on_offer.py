"""An item whose answer becomes known while it is on offer is asked no more, and a batch asks for what its draft said."""

import json

import pytest
from django.urls import reverse

from console.statistics import progress_of
from delivery import outbox
from kernel.errors import DomainError
from labelling.batches.create_batch import create_batch
from labelling.batches.open_batch import open_batch
from labelling.data.checked import NewItem
from labelling.data.insert import insert_items
from labelling.formats.rows import Row
from labelling.gold.set_gold import set_gold
from labelling.models import Answer, BatchItem, Decision
from labelling.work.accept_answers import accept_answers
from labelling.work.draw_work import draw_work
from ledger.audit import findings
from ledger.factories import available_of, escrow_of, funds_of, goodwill_of_platform
from ledger.posting import balance
from tests.worlds import answer_to, opened, sentiment_world

pytestmark = pytest.mark.django_db
GOOD = {"label": "good"}
FUNDS = 100_000_000


def drain() -> None:
    while outbox.drain():
        continue


def answer_all(world, worker) -> int:
    lent = draw_work(worker, world.batch, 20)
    accept_answers(worker, [answer_to(one, GOOD) for one in lent])
    drain()
    return len(lent)


def test_what_becomes_known_is_neither_asked_nor_decided_and_the_batch_ends():
    world = opened(sentiment_world(items=4, workers=3))
    assert answer_all(world, world.workers[0]) == 4
    for item in world.items[:2]:
        set_gold(world.requester, item, GOOD)
    drain()
    first = world.workers[0]
    assert (
        Answer.objects.filter(settlement__agreed=None, settlement__isnull=False).count() == 2
    )  # paid, and not measured
    assert answer_all(world, world.workers[1]) == 2

    world.batch.refresh_from_db()
    assert (world.batch.state, world.batch.items_total, world.batch.items_done) == ("closed", 2, 2)
    assert set(Decision.objects.filter(final=True).values_list("item", flat=True)) == {i.pk for i in world.items[2:]}
    progress = progress_of(world.project)
    assert (progress.decided, progress.items) == (2, 2)
    paid = sum(balance(available_of(w.pk), "USD") for w in (first, world.workers[1]))
    assert balance(escrow_of(world.batch.pk), "USD") == balance(goodwill_of_platform(), "USD") == 0
    assert balance(funds_of(world.organisation.pk), "USD") == FUNDS - paid
    assert findings() == []


def test_what_is_lent_already_is_paid_and_counts_for_nothing():
    world = opened(sentiment_world(items=2, workers=3))
    lent = draw_work(world.workers[0], world.batch, 2)
    set_gold(world.requester, world.items[0], GOOD)
    drain()
    results = accept_answers(world.workers[0], [answer_to(one, GOOD) for one in lent])
    drain()
    assert [result.status for result in results] == ["accepted", "accepted"]
    assert all(result.feedback is None for result in results)  # it was no known task when she took it
    assert Answer.objects.get(item=world.items[0]).counted is False
    assert Answer.objects.get(item=world.items[0]).settlement.base_micro == 10_000
    assert findings() == []


def test_the_last_item_becomes_known_and_the_money_comes_back():
    world = opened(sentiment_world(items=1, workers=1))
    set_gold(world.requester, world.items[0], GOOD)
    drain()
    world.batch.refresh_from_db()
    assert (world.batch.state, world.batch.items_total) == ("closed", 0)
    assert balance(funds_of(world.organisation.pk), "USD") == FUNDS


def test_an_import_that_brings_the_answer_takes_the_item_off_offer_too():
    world = opened(sentiment_world(items=2, workers=1))
    item = world.items[0]
    row = NewItem(Row(1, "line 1", {}), item.content_hash, item.payload, "", {}, gold=GOOD)
    insert_items(world.dataset, [row], world.requester)
    assert BatchItem.objects.get(item=item).state == "done"
    world.batch.refresh_from_db()
    assert world.batch.items_total == 1


def test_a_draft_keeps_how_many_items_it_may_hold():
    world = sentiment_world(items=6)
    draft = create_batch(world.requester, world.project, name="few", base_micro=10_000, item_limit=2)
    draft.refresh_from_db()
    assert open_batch(world.requester, draft).items_total == 2
    with pytest.raises(DomainError) as refused:
        create_batch(world.requester, world.project, name="none", base_micro=10_000, item_limit=0)
    assert refused.value.field == "limit"


def test_a_draft_in_the_console_opens_with_what_it_said(client):
    world = sentiment_world(items=6)
    client.force_login(world.requester)
    typed = {"name": "few", "base_micro": "0.01", "bonus_micro": "0", "limit": "2"}
    client.post(reverse("console:batches", args=[world.project.pk]), typed)
    draft = world.project.batches.get()
    page = client.get(reverse("console:batch", args=[draft.pk])).content.decode()
    assert "0.07 USD" in page  # 2 items x 3 answers, and one to spare
    client.post(reverse("console:open_batch", args=[draft.pk]))
    draft.refresh_from_db()
    assert (draft.items_total, draft.escrow_micro) == (2, 70_000)


def test_the_api_keeps_it_as_well(client):
    world = sentiment_world(items=6)
    client.force_login(world.requester)
    body = json.dumps({"name": "few", "base_micro": 10_000, "limit": 2})
    made = client.post(reverse("api-batches", args=[world.project.pk]), body, content_type="application/json")
    assert made.json()["item_limit"] == 2
    opened_ = client.post(reverse("api-batch-open", args=[made.json()["id"]]), {}, content_type="application/json")
    assert opened_.json()["items_total"] == 2
