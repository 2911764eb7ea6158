"""The demo's projects: what is asked, the items, the truth about each, and how people err. Each maker gives a `Made`."""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from dataclasses import dataclass

from labelling.data.add_items import add_media_item, add_text_item
from labelling.data.add_parts import add_parts_item
from labelling.data.create_dataset import create_dataset
from labelling.data.stored import store_for
from labelling.gold.set_gold import set_gold
from labelling.models import Item, Project
from labelling.projects.create_project import create_project
from labelling.task_types.parts import checked_parts
from people.models import Organisation, Person
from server.demo import pictures, sentences, sounds
from server.demo.crowd import Mistake

GOLD_EVERY = 8


@dataclass(frozen=True)
class Made:
    """truth: item id -> true value. wrong and near: what a careless and a careful worker make of it."""

    project: Project
    truth: dict[int, dict]
    wrong: Mistake
    near: Mistake


Maker = Callable[[Person, Organisation], Made]


def _label(label_id: str, en: str, zu: str, colour: str) -> dict:
    return {"id": label_id, "name": {"en": en, "zu": zu}, "colour": colour}


_FRUIT_LABELS = [
    _label("leaf", "Leaf", "Iqabunga", "#2f6b3c"),
    _label("orange", "Orange", "Iwolintshi", "#c96a10"),
    _label("plum", "Plum", "Iplamu", "#5c2f72"),
]


_IN_ZULU = {
    "Orange, plum or leaf?": "Iwolintshi, iplamu noma iqabunga?",
    "Box every fruit and leaf": "Faka ibhokisi kuso sonke isithelo neqabunga",
    "What does the customer feel?": "Umthengi uzizwa kanjani?",
    "What makes this sound?": "Yini eyenza lo msindo?",
    "Write down the rhythm": "Bhala phansi isigqi",
}


def _project(requester, organisation, title, task_type, medium, config, en, zu, **more) -> Project:
    fields = {"gold_share_bps": 800, "min_answers": 2, "max_answers": 5, "target_ppm": 970_000, "estimated_task_s": 6}
    return create_project(
        requester, organisation, title=title, titles={"zu": _IN_ZULU[title]}, task_type=task_type, medium=medium, config=config,
        instructions={"en": en, "zu": zu}, **{**fields, **more},
    )  # fmt: skip


def fill(requester: Person, project: Project, made, value_of, why) -> dict[int, dict]:
    """Items from (bytes, text or parts, truth) rows; every GOLD_EVERY-th is gold. Returns {item: true value}."""
    dataset, truth = create_dataset(requester, project, "Demo"), {}
    for number, (content, fact) in enumerate(made):
        item = _item(dataset, project, project.organisation, content, number)
        truth[item.pk] = value_of(fact)
        if number % GOLD_EVERY == GOLD_EVERY - 1:
            set_gold(requester, item, truth[item.pk], why(fact))
    return truth


def _item(dataset, project, organisation, content, number: int) -> Item:
    if isinstance(content, list):
        return add_parts_item(dataset, checked_parts(content), {}, external_id=f"parts-{number:03}")
    if isinstance(content, str):
        return add_text_item(dataset, content, external_id=f"text-{number:03}")
    suffix = "png" if project.medium == "image" else "wav"
    stored = store_for(project, io.BytesIO(content), f"demo-{number:03}.{suffix}")
    name = f"demo-{number:03}.{suffix}"
    return add_media_item(dataset, stored, external_id=name, file_name=name)


def _other_label(labels):
    return lambda truth, rng: {"label": rng.choice([one["id"] for one in labels if one["id"] != truth["label"]])}


def same(truth, rng):
    return truth


def fruit(requester: Person, organisation: Organisation) -> Made:
    project = _project(
        requester, organisation, "Orange, plum or leaf?", "choice", "image", {"labels": _FRUIT_LABELS},
        "## What to do\nLook at the picture and choose what lies on the cloth.", "## Okufanele ukwenze\nBheka isithombe ukhethe okulele endwangwini.",
    )  # fmt: skip
    made = [pictures.single_fruit(seed) for seed in range(72)]
    truth = fill(
        requester, project, made, lambda kind: {"label": kind}, lambda kind: f"It is a {kind}: look at the shape."
    )
    return Made(project, truth, _other_label(_FRUIT_LABELS), same)


def orchards(requester: Person, organisation: Organisation) -> Made:
    project = _project(
        requester, organisation, "Box every fruit and leaf", "boxes", "image", {"labels": _FRUIT_LABELS},
        "## What to do\nDraw a tight box around **each** fruit and leaf, shadow left out.", "## Okufanele ukwenze\nDweba ibhokisi eliqinile kuleso naleso sithelo neqabunga, ushiye isithunzi.",
        estimated_task_s=25, target_ppm=850_000, max_answers=4,
    )  # fmt: skip
    truth = fill(
        requester, project, [pictures.orchard(seed) for seed in range(36)],
        lambda boxes: {"boxes": boxes}, lambda boxes: f"There are {len(boxes)}: each one gets its own box.",
    )  # fmt: skip
    return Made(project, truth, _careless_boxes, _shaky_boxes)


def _shaky_boxes(truth: dict, rng: random.Random) -> dict:
    return {"boxes": [_shaken(box, rng, 3) for box in truth["boxes"]]}


def _careless_boxes(truth: dict, rng: random.Random) -> dict:
    """Some left out, the rest loose."""
    return {"boxes": [_shaken(box, rng, 9) for box in truth["boxes"] if rng.random() < 0.7]}


def _shaken(box: dict, rng: random.Random, by_px: float) -> dict:
    x, y = max(0, box["x"] + round(rng.gauss(0, by_px))), max(0, box["y"] + round(rng.gauss(0, by_px)))
    width, height = (max(8, box[side] + round(rng.gauss(0, by_px))) for side in ("width", "height"))
    return {"label": box["label"], "x": x, "y": y, "width": min(width, 640 - x), "height": min(height, 480 - y)}


def reviews(requester: Person, organisation: Organisation) -> Made:
    labels = [
        _label("positive", "Positive", "Kuhle", "#2f6b3c"),
        _label("neutral", "Neither", "Phakathi", "#6b6459"),
        _label("negative", "Negative", "Kubi", "#a8321f"),
    ]
    project = _project(
        requester, organisation, "What does the customer feel?", "choice", "text", {"labels": labels},
        "## What to do\nRead the review. Is the writer pleased, displeased, or neither?", "## Okufanele ukwenze\nFunda umbono. Ingabe umbhali ujabule, akajabule, noma phakathi?",
    )  # fmt: skip
    project.label_api_audit_bps = 2000  # a fifth is checked by people, so that the demo has something to measure
    project.save(update_fields=["label_api_audit_bps"])
    truth = fill(
        requester,
        project,
        sentences.reviews(),
        lambda kind: {"label": kind},
        lambda kind: f"The writer's feeling is {kind}.",
    )
    return Made(project, truth, _other_label(labels), same)


def noises(requester: Person, organisation: Organisation) -> Made:
    labels = [
        _label("bell", "Bell", "Insimbi", "#8a6d1f"),
        _label("bird", "Bird", "Inyoni", "#2f6b3c"),
        _label("drum", "Drum", "Isigubhu", "#8a3a1f"),
    ]
    project = _project(
        requester, organisation, "What makes this sound?", "choice", "audio", {"labels": labels},
        "## What to do\nListen, then choose.", "## Okufanele ukwenze\nLalela, bese ukhetha.", estimated_task_s=8,
    )  # fmt: skip
    truth = fill(
        requester,
        project,
        [sounds.single_sound(seed) for seed in range(30)],
        lambda kind: {"label": kind},
        lambda kind: f"It is a {kind}.",
    )
    return Made(project, truth, _other_label(labels), same)


def rhythms(requester: Person, organisation: Organisation) -> Made:
    project = _project(
        requester, organisation, "Write down the rhythm", "text", "audio", {"language": "en", "kind": "transcription"},
        "## What to do\nWrite one word for each tone: **short** or **long**.", "## Okufanele ukwenze\nBhala igama elilodwa ngomsindo ngamunye: **short** noma **long**.",
        estimated_task_s=15, target_ppm=900_000,
    )  # fmt: skip
    truth = fill(
        requester,
        project,
        [sounds.rhythm(seed) for seed in range(24)],
        lambda words: {"text": words},
        lambda words: f"It goes: {words}.",
    )
    return Made(project, truth, _wrong_words, same)


def _wrong_words(truth: dict, rng: random.Random) -> dict:
    words = truth["text"].split()
    words[rng.randrange(len(words))] = rng.choice(["short", "long", ""])
    return {"text": " ".join(filter(None, words)) or "short"}


MAKERS: tuple[Maker, ...] = (fruit, orchards, reviews, noises, rhythms)
