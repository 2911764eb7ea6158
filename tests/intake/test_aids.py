"""Files that help, made beside a picture by a module of the caller's, in the sandbox, and kept as variants of it."""

import io
import json

import pytest
from django.core.files.storage import default_storage

from intake.aids import add_aids
from intake.media import store
from intake.models import Media
from labelling.data import stored
from labelling.work.sent_item import aids_for, has_aids, media_as_sent
from tests.formats.worlds import file, new_dataset, remarks, upload_one
from tests.intake import files

pytestmark = pytest.mark.django_db
MAKER, NAMES = "tests.intake.maker", ("kind.seen.json", "kind.pixel.webp")


def kept(orientation: int = 1) -> Media:
    return store(1, io.BytesIO(files.turned(orientation)), "a.jpg")


def seen(media: Media) -> dict:
    with default_storage.open(media.variants["kind.seen.json"]["name"]) as file:
        return json.load(file)


@pytest.mark.parametrize("orientation", [1, 6])
def test_they_are_made_of_the_upright_picture_and_kept_beside_its_variants(orientation):
    media = kept(orientation)
    assert add_aids(media, {MAKER: NAMES})
    found = seen(Media.objects.get(pk=media.pk))
    assert found["size"] == found["read"] == [200, 100]
    assert found["corner"][0] > 200 > 80 > found["corner"][1], "red is left above, however it was stored"
    assert media.variants["kind.pixel.webp"] | {"name": ""} == {"name": "", "type": "image/webp", "bytes": 4}
    assert {"320", "640", "1280"} < media.variants.keys()


def test_once_made_they_are_not_made_again():
    media = kept()
    add_aids(media, {MAKER: NAMES})
    first = media.variants["kind.seen.json"]["name"]
    again = kept()
    assert add_aids(again, {MAKER: NAMES})
    assert again.variants["kind.seen.json"]["name"] == first


def test_what_another_import_made_meanwhile_stands_and_ours_goes(django_capture_on_commit_callbacks):
    media, late = kept(), kept()
    add_aids(media, {MAKER: NAMES})
    with django_capture_on_commit_callbacks(execute=True):
        add_aids(late, {MAKER: NAMES})
    assert late.variants == Media.objects.get(pk=media.pk).variants
    folder = media.variants["kind.seen.json"]["name"].rpartition("/")[0]
    assert len([name for name in default_storage.listdir(folder)[1] if name.startswith("kind.")]) == 2


def test_a_picture_that_none_can_be_made_of_is_taken_without(caplog):
    media = kept()
    assert not add_aids(media, {"tests.intake.broken_maker": ("kind.seen.json",)})
    assert not has_aids(Media.objects.get(pk=media.pk).variants)
    assert "has no files of tests.intake.broken_maker" in caplog.text


def test_the_report_of_the_upload_tells_that_none_could_be_made(monkeypatch):
    monkeypatch.setattr(stored, "makers_of", lambda *asked: {"tests.intake.broken_maker": ("kind.seen.json",)})
    made = upload_one(new_dataset("image"), file("a.jpg", files.turned(1)))
    assert made.rows_added == 1
    assert (1, "file", stored.WITHOUT_AIDS) in remarks(made)


def test_control_a_maker_that_leaves_a_file_out_has_made_nothing():
    assert not add_aids(kept(), {MAKER: (*NAMES, "kind.more.json")})


def test_a_task_gets_those_of_its_own_type_and_no_others():
    variants = {name: {"name": name, "bytes": 1} for name in ("320", "tiles", "choice.one.json", "boxes.two.json")}
    assert aids_for("choice", variants) == {}, "the type declares none"
    assert set(aids_for("form", variants)) == {"choice.one.json", "boxes.two.json"}, "any type may lie within it"
    sized = Media(width_px=1, height_px=1)
    assert set(media_as_sent("image", sized, variants)["media"]["variants"]) == {"320", "tiles"}
