"""Projects with labelled items, made through the product's verbs."""

from __future__ import annotations

from collections.abc import Sequence

from delivery import outbox
from labelling.data.add_items import add_text_item, text_hash
from labelling.gold.set_gold import set_gold
from labelling.models import Gold, Item
from labelling.work.accept_answers import accept_answers
from labelling.work.draw_work import draw_work
from ml_assist.learners import Example
from tests.worlds import World, answer_to, opened, sentiment_world


def learning_world(examples: Sequence[Example], **project) -> World:
    """A sentiment project with its crew and money, and these examples as gold (in bulk, for there are many)."""
    world = sentiment_world(items=0, **project)
    texts = [example.content.text for example in examples]
    fields = {"project": world.project, "dataset": world.dataset}
    items = [Item(content_hash=text_hash(text), payload={"text": text}, **fields) for text in texts]
    items = Item.objects.bulk_create(items)
    Gold.objects.bulk_create(
        Gold(item=item, project=world.project, truth={"label": example.label})
        for item, example in zip(items, examples, strict=True)
    )
    return world


def add_gold(world: World, example: Example) -> Item:
    item = add_text_item(world.dataset, example.content.text)
    set_gold(world.requester, item, {"label": example.label})
    return item


def add_items(world: World, examples: Sequence[Example]) -> list[Item]:
    return [add_text_item(world.dataset, example.content.text) for example in examples]


def opened_for_api(world: World, **batch) -> World:
    """A batch over one item to begin with, that stays open for items of the label API."""
    add_text_item(world.dataset, "the first on offer")
    return opened(world, keep_open=True, **batch)


def crowd_says(world: World, truth: dict[str, str], workers: int = 2) -> None:
    """Workers draw all there is and answer by the table {text: label}; everything is decided after."""
    for worker in world.workers[:workers]:
        while lent := draw_work(worker, world.batch, 50):
            answers = [answer_to(one, {"label": truth[one.payload["text"]]}) for one in lent]
            assert {result.status for result in accept_answers(worker, answers)} == {"accepted"}
        outbox.drain()


def truth_of(examples: Sequence[Example]) -> dict[str, str]:
    return {example.content.text: example.label for example in examples}
