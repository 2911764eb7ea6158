"""A picture project from files to answers: intake makes the variants, the model learns from them, the label API takes a file."""

import io
import random

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from intake import media
from intake.models import Media
from labelling.data.add_items import add_media_item
from labelling.gold.set_gold import set_gold
from labelling.models import BatchItem, Item, LabelRequest
from ml_assist.actions.train_version import train_version
from ml_assist.actions.write_suggestions import write_suggestions
from ml_assist.examples import is_held_back
from tests.ml import data
from tests.worlds import opened, sentiment_world

pytestmark = pytest.mark.django_db

LABELS = [{"id": label, "name": {"en": label}} for label in data.SHAPES]


def add_picture(world, label: str, chance: random.Random) -> Item:
    stored = media.store(world.organisation.pk, io.BytesIO(data.shape(label, chance)), f"{label}.webp")
    return add_media_item(world.dataset, stored)


@pytest.fixture
def world(client):
    world = sentiment_world(items=0, medium="image", config={"labels": LABELS}, label_api_audit_bps=0)
    chance = random.Random(5)
    for i in range(60):
        set_gold(world.requester, add_picture(world, data.SHAPES[i % 3], chance), {"label": data.SHAPES[i % 3]})
    world.items = [add_picture(world, data.SHAPES[i % 3], chance) for i in range(9)]
    client.force_login(world.requester)
    return opened(world, keep_open=True)


def ask(client, world, content: bytes, name: str = "shape.webp"):
    file = SimpleUploadedFile(name, content)
    return client.post(f"/api/v1/projects/{world.project.pk}/label", {"file": file, "external_id": "mine"})


def stored_files() -> set[str]:
    found, folders = set(), [""]
    while folders:
        folder = folders.pop()
        for inner in (listing := default_storage.listdir(folder))[0]:
            folders.append(f"{folder}/{inner}".lstrip("/"))
        found |= {f"{folder}/{name}" for name in listing[1]}
    return found


@pytest.mark.slow
def test_pictures_teach_suggest_and_answer(client, world):
    version = train_version(world.project)
    assert version.state == "live", version.reason
    assert version.metrics["accuracy"] > version.metrics["majority_accuracy"]
    assert {guess.item_id for guess in write_suggestions(version)} == {
        item.pk for item in world.items if not is_held_back(item.content_hash)
    }
    world.project.label_api_threshold_ppm = 0
    world.project.save()
    sent = data.shape("bars", random.Random(77))
    body = ask(client, world, sent).json()
    assert (body["status"], body["source"]) == ("answered", "model")
    item = Item.objects.get(pk=body["item"])
    assert (item.media.kind, item.external_id) == ("image", "mine")
    assert ask(client, world, sent).json() == body  # the same picture, the same request

    world.project.label_api_threshold_ppm = 1_000_000
    world.project.save()
    body = ask(client, world, data.shape("disc", random.Random(78))).json()
    assert (body["status"], BatchItem.objects.get(item=body["item"]).need) == ("waiting", 2)

    before = stored_files(), Media.objects.count(), Item.objects.count()
    broken = ask(client, world, b"this is no picture")
    assert (broken.status_code, broken.json()["error"]["field"]) == (400, "file")
    private = client.post(
        f"/api/v1/projects/{world.project.pk}/label", {"item": {"url": "http://127.0.0.1/a.png"}}, "application/json"
    )
    assert (private.status_code, private.json()["error"]["field"]) == (400, "item.url")
    text = client.post(f"/api/v1/projects/{world.project.pk}/label", {"item": {"text": "a"}}, "application/json")
    assert (text.status_code, text.json()["error"]["field"]) == (400, "item")
    assert (stored_files(), Media.objects.count(), Item.objects.count()) == before
    assert LabelRequest.objects.count() == 2


def test_a_refused_picture_leaves_no_file_behind(client):
    world = sentiment_world(items=0, medium="image", config={"labels": LABELS})
    client.force_login(world.requester)
    refused = ask(client, world, data.shape("disc", random.Random(1)))
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "no_open_batch")
    assert not Media.objects.exists()
    assert stored_files() == set()


def test_a_refused_picture_that_was_there_before_stays(client):
    world = sentiment_world(items=0, medium="image", config={"labels": LABELS})
    client.force_login(world.requester)
    chance = random.Random(1)
    item = add_picture(world, "disc", chance)
    files = stored_files()
    with default_storage.open(item.media.original, "rb") as original:
        refused = ask(client, world, original.read())
    assert refused.status_code == 400
    assert stored_files() == files
    assert Media.objects.get() == item.media
