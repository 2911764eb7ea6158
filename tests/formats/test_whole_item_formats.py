"""Formats of what is said of a whole item: soft labels, doccano's classes, COCO captions, Common Voice."""

import json

import pytest
from pycocotools.coco import COCO

from intake.models import Media
from labelling.models import Gold, Item
from tests.formats.decided import answer, built, crew, decide, downloaded, new_batch, new_item
from tests.formats.worlds import new_dataset

pytestmark = pytest.mark.django_db


def lines(content: bytes) -> list[dict]:
    return [json.loads(line) for line in content.splitlines()]


def test_soft_labels_are_the_shares_of_those_who_were_counted():
    dataset, workers = new_dataset(), crew(4)
    batch, item = new_batch(dataset), new_item(dataset, 0)
    decide(item, batch, {"label": "pos"}, workers[:2])
    answer(item, batch, workers[2], {"label": "neg"})
    answer(item, batch, workers[3], {"label": "neg"}, counted=False)
    Gold.objects.create(item=new_item(dataset, 1), project=dataset.project, truth={"label": "neg"})
    [line] = lines(downloaded(built(dataset, gold=True), "soft-labels"))
    assert (line["item"], line["text"], line["answers"], line["labels"]) == (item.pk, "text 0", 3, ["Positive"])
    assert line["shares"] == {"Positive": 0.666667, "Negative": 0.333333}


def test_of_several_labels_each_has_its_share_of_the_people():
    dataset, workers = new_dataset(task_type="choices"), crew(2)
    batch, item = new_batch(dataset), new_item(dataset, 0)
    decide(item, batch, {"labels": ["neg", "pos"]}, workers[:1])
    answer(item, batch, workers[1], {"labels": []})
    release = built(dataset)
    [line] = lines(downloaded(release, "soft-labels"))
    assert line["shares"] == {"Positive": 0.5, "Negative": 0.5}
    [line] = lines(downloaded(release, "doccano"))
    assert (line["text"], sorted(line["label"])) == ("text 0", ["Negative", "Positive"])


def media_of(dataset, kind: str, content_type: str) -> Media:
    return Media.objects.create(
        kind=kind, sha256="7" * 64, organisation_id=dataset.project.organisation_id, original="x", content_type=content_type,
        size_bytes=1, width_px=640, height_px=480, duration_ms=2000,
    )  # fmt: skip


def written(medium: str, content_type: str, name: str, text: str) -> tuple[Item, bytes]:
    dataset, workers = new_dataset(medium, "text", language="zu"), crew(3)
    media, batch = media_of(dataset, medium, content_type), new_batch(dataset)
    item = new_item(dataset, 0, payload={}, media=media, file_name="a/one.mp3")
    decide(item, batch, {"text": text}, workers[:2])
    answer(item, batch, workers[2], {"text": "Something else"})
    return item, downloaded(built(dataset), name)


def test_captions_are_read_by_the_tools_of_coco(tmp_path):
    item, content = written("image", "image/jpeg", "coco-captions", 'A "cat"\nin the sun')
    path = tmp_path / "captions.json"
    path.write_bytes(content)
    coco = COCO(str(path))
    [caption] = coco.loadAnns(coco.getAnnIds(imgIds=[item.pk]))
    assert caption["caption"] == 'A "cat"\nin the sun'
    assert coco.loadImgs([item.pk])[0]["file_name"] == "a/one.mp3"


def test_common_voice_has_a_line_a_clip_and_counts_who_agreed():
    _, content = written("audio", "audio/mpeg", "common-voice", "Sawubona\tmhlaba\nonke")
    header, line = content.decode().splitlines()
    said = dict(zip(header.split("\t"), line.split("\t"), strict=True))
    assert (said["path"], said["sentence"], said["locale"]) == ("a/one.mp3", "Sawubona mhlaba onke", "zu")
    assert (said["up_votes"], said["down_votes"]) == ("2", "1")
