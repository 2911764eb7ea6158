"""Every task type on the whole way: asked, lent, answered by three, decided, looked at, put right, found by label, released in every
format that fits. A new type is taken up by its folder; nothing here knows one by name."""

import gzip
import json
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from delivery import outbox
from intake.models import Media
from labelling import task_types
from labelling.data.items import find_items
from labelling.formats import exports_for
from labelling.gold.set_gold import set_gold
from labelling.models import Decision, Gold, Item, Release
from labelling.releases.build_release import build_release
from labelling.releases.create_release import create_release
from labelling.releases.download_release import download_release, frozen
from labelling.task_types.label_names import names_of
from labelling.work.accept_answers import accept_answers
from labelling.work.draw_work import draw_work
from tests.worlds import World, answer_to, opened, sentiment_world

pytestmark = [pytest.mark.django_db, pytest.mark.parametrize("name", task_types.NAMES)]
ITEMS = 3


def cases(name: str) -> dict:
    folder = Path(task_types.__file__).parent
    return json.loads((folder / name / "examples" / "cases.json").read_text())


def asked(name: str, **more) -> World:
    """A project that asks what the type's own examples are about; nothing is in it."""
    question = cases(name)["question"]
    config = dict(question["config"])
    if task_types.get(name).needs_labels:
        config["labels"] = [{"id": f"l{n}", "name": {"en": said}} for n, said in enumerate(question["labels"])]
    return sentiment_world(items=0, task_type=name, medium=medium_of(question), config=config, **more)


def world_of(name: str) -> World:
    world = asked(name, min_answers=3)
    world.items = [item_of(world, cases(name)["question"], n) for n in range(ITEMS)]
    return opened(world)


def medium_of(question: dict) -> str:
    """A text has no size, a picture no length, a sound no width."""
    if "parts" in question:
        return "parts"
    if question["duration_ms"]:
        return "video" if question["width_px"] else "audio"
    return "image" if question["width_px"] else "text"


def item_of(world: World, question: dict, n: int, media: Media | None = None) -> Item:
    """Of a picture, sound or film, without one, no more than what is known of it: there is no file."""
    fields = {"project": world.project, "dataset": world.dataset, "external_id": f"row {n}"}
    kind = medium_of(question)
    if kind == "parts":
        parts = [*question["parts"], {"id": "row", "role": "context", "kind": "text", "text": f"row {n}"}]
        return Item.objects.create(**fields, payload={"parts": parts}, content_hash=f"p{n}")
    if kind == "text":
        text = f"{question['text'] or 'some words'} {n}"
        return Item.objects.create(**fields, payload={"text": text}, content_hash=f"t{n}")
    size = {side: question[side] or None for side in ("width_px", "height_px", "duration_ms")}
    media = media or Media.objects.create(
        kind=kind, sha256=f"{n:064d}", organisation_id=world.organisation.pk, original="x", content_type="image/jpeg",
        size_bytes=1, **size,
    )  # fmt: skip
    return Item.objects.create(**fields, payload={}, media=media, file_name=f"{n}.jpg", content_hash=f"m{n}")


def label_names(name: str) -> dict[str, str]:
    """{id: what the world calls it}"""
    question = cases(name)["question"]
    if task_types.get(name).needs_labels:
        return {f"l{n}": said for n, said in enumerate(question["labels"])}
    return names_of(question["config"])


def truth_and_wrong(name: str) -> tuple[dict, dict]:
    """In the labels' ids, which are not their names."""
    into = {said: label for label, said in label_names(name).items()} if task_types.get(name).needs_labels else {}
    wrong = next(case for case in cases(name)["gold"] if not case["right"])
    return tuple(task_types.get(name).relabel(wrong[part], into) for part in ("truth", "value"))


@pytest.fixture
def decided(name) -> World:
    return decided_world(name)


def decided_world(name: str) -> World:
    """Three have answered each item, the last of them wrongly."""
    world = world_of(name)
    truth, wrong = truth_and_wrong(name)
    for worker, value in zip(world.workers, (truth, truth, wrong), strict=True):
        lent = draw_work(worker, world.batch, ITEMS)
        results = accept_answers(worker, [answer_to(one, value) for one in lent])
        assert {result.status for result in results} <= {"accepted"}
    outbox.drain()
    return world


def test_three_answer_and_it_is_decided(name, decided):
    truth, _ = truth_and_wrong(name)
    found = Decision.objects.filter(project=decided.project)
    assert [one.value for one in found] == [truth] * ITEMS
    for label in task_types.get(name).labels_in(truth):
        rows, _ = find_items(decided.project, {"label": label})
        assert rows.count() == ITEMS


def test_the_console_shows_it_and_a_person_puts_it_right(name, decided):
    kind, (truth, wrong) = task_types.get(name), truth_and_wrong(name)
    client, item = Client(), decided.items[0]
    client.force_login(decided.requester)
    set_gold(decided.requester, decided.items[1], truth, "It is so.")
    pages = {
        "item": client.get(reverse("console:item", args=[item.pk])),
        "disputed": client.get(reverse("console:disputed", args=[decided.project.pk])),
        "items": client.get(reverse("console:items", args=[decided.project.pk])),
        "known": client.get(reverse("console:known_tasks", args=[decided.project.pk])),
    }
    names = label_names(name)
    for page in pages.values():
        assert page.status_code == 200
        assert all(names[label] in page.content.decode() for label in kind.labels_in(truth))
    client.post(reverse("console:correct_label", args=[item.pk]), {"value": json.dumps(wrong), "reason": "Look again."})
    assert Decision.objects.get(item=item).value == wrong


def test_it_leaves_in_every_format_that_fits(name, decided):
    truth, _ = truth_and_wrong(name)
    release = create_release(decided.requester, decided.project)
    build_release(release.pk)
    release = Release.objects.select_related("project").get(pk=release.pk)
    names = label_names(name)
    for one in exports_for(name, decided.project.medium):
        content = b"".join(download_release(decided.requester, release, one.name).chunks)
        assert len(content) > 100, one.name
    lines = [json.loads(line) for line in frozen(release).lines()]
    assert len(lines) == ITEMS
    said = json.dumps(lines[0]["decision"], ensure_ascii=False)
    assert all(names[label] in said for label in task_types.get(name).labels_in(truth))
    with frozen(release).open_gz() as stored:
        assert gzip.decompress(stored.read()).count(b"\n") == ITEMS


def test_a_known_task_is_right_and_wrong_as_its_examples_say(name):
    world = world_of(name)
    truth, wrong = truth_and_wrong(name)
    gold = set_gold(world.requester, world.items[0], truth, "It is so.")
    assert Gold.objects.get(pk=gold.pk).truth == truth
    kind, question = task_types.get(name), cases(name)["question"]
    assert kind.is_right(truth, truth, question)
    assert not kind.is_right(wrong, truth, question)
