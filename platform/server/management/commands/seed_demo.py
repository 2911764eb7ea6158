"""Fill an empty platform with the demo: projects, a crowd at work, money, and a person of each role to sign in as. Once."""

from __future__ import annotations

import io
import json
import random
import time
import uuid

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from consensus.app.actions.refresh_skills import redecide, refresh_skills
from delivery import outbox
from intake import media
from labelling.actions.add_items import add_media_item, add_text_item, set_gold
from labelling.actions.create_project import create_dataset, create_project
from labelling.actions.open_batch import create_batch, open_batch
from labelling.models import Batch, Item, Project
from ledger.posting import balance
from ledger.verbs import funds_of
from ml_assist.actions.request_label import Asked, request_label
from ml_assist.learners import has_learner
from ml_assist.tasks import train
from payouts.actions.look_up_order import look_up_order
from payouts.actions.request_deposit import request_deposit
from payouts.actions.send_order import send_order
from people.actions.become_worker import become_worker
from people.actions.create_organisation import create_organisation
from people.models import Organisation, Person
from server.demo import pictures, sentences, sounds
from server.demo.crowd import Member, Mistake, work_through

PASSWORD = "ilima-demo-pass"  # noqa: S105  printed at the start; the demo is for one machine
PEOPLE = {role: f"{role}@demo.example" for role in ("worker", "requester", "reviewer", "admin")}
CROWD = [
    ("Anele", 0.96),
    ("Bongani", 0.92),
    ("Chipo", 0.94),
    ("Dineo", 0.88),
    ("Esihle", 0.9),
    ("Farai", 0.75),
    ("Gugu", 0.95),
    ("Hlengiwe", 0.55),
]
GOLD_EVERY = 8
FUNDS_MICRO = 500_000_000


class Command(BaseCommand):
    help = "Load the demo into an empty platform; does nothing when it is there already."

    def handle(self, **options):
        if not settings.DEBUG:
            raise CommandError("The demo has public passwords: it is only for DEBUG=1.")
        accounts = settings.DATA_DIR / "demo.json"
        if not Person.objects.filter(email=PEOPLE["worker"]).exists():
            self.stdout.write("Loading the demo ...")
            self._seed()
        people = [{"role": role, "email": email, "password": PASSWORD} for role, email in PEOPLE.items()]
        accounts.write_text(json.dumps(people))

    def _seed(self) -> None:
        with transaction.atomic():
            person = _person(PEOPLE["worker"], "Thandi", language="en")
            become_worker(person, "ZA")
            _person(PEOPLE["admin"], "Admin", is_staff=True, is_superuser=True)
            _person(PEOPLE["reviewer"], "Lindiwe", is_reviewer=True)
            requester = _person(PEOPLE["requester"], "Nomsa")
            organisation = create_organisation(requester, "Umlazi Market Data")
            crowd = [
                Member(become_worker(_person(f"{name.lower()}@crowd.example", name)), skill, 6.0)
                for name, skill in CROWD
            ]
        self._deposit(requester, organisation)
        for number, make in enumerate((_fruit, _orchards, _reviews, _sounds, _rhythms)):
            with transaction.atomic():
                project, truth, wrong, near = make(requester, organisation)
                batch = _open(requester, project)
            share = (0.55, 0.5, 0.6, 0.4, 0.4)[number]
            first = work_through(batch, crowd, truth, wrong, near, until=share / 2, seed=number)
            refresh_skills(project.pk)
            redecide(project.pk)
            second = work_through(batch, crowd, truth, wrong, near, until=share, seed=number + 50)
            refresh_skills(project.pk)
            outbox.drain()
            if has_learner(project.medium, project.task_type):
                train(project.pk)
            self.stdout.write(f"  {project.title}: {first + second} answers by {len(crowd)} simulated workers")
            if make is _reviews:
                asked = _ask(project, batch, crowd, wrong)
                self.stdout.write(f"  {asked} labels asked for through the label API")

    def _deposit(self, requester: Person, organisation: Organisation) -> None:
        """By the simulated card, as a requester would."""
        deposit = send_order(request_deposit(requester, organisation, uuid.uuid4(), FUNDS_MICRO, "card-ok"))
        for _ in range(50):
            if balance(funds_of(organisation.pk), settings.CURRENCY) == FUNDS_MICRO:
                return
            time.sleep(0.2)
            look_up_order(deposit)
        raise CommandError("The simulated rail did not take the demo's deposit: is it running?")


def _ask(project: Project, batch: Batch, crowd: list[Member], wrong: Mistake) -> int:
    """Reviews that come in one by one: the model answers those of which it is sure, people the others and some of its own."""
    truth = {}
    for text, kind in sentences.later_reviews():
        truth[request_label(project, Asked(text=text)).item_id] = {"label": kind}
    outbox.drain()
    truth.update(_known_so_far(project))
    work_through(batch, crowd, truth, wrong, _same, until=0.75, seed=99)
    outbox.drain()
    return len(sentences.later_reviews())


def _known_so_far(project: Project) -> dict[int, dict]:
    texts = {text: {"label": kind} for text, kind in sentences.reviews()}
    return {item.pk: texts[item.payload["text"]] for item in project.items.all() if item.payload.get("text") in texts}


def _person(email: str, name: str, **fields) -> Person:
    person = Person.objects.create_user(email=email, display_name=name, password=PASSWORD, **fields)
    person.emailaddress_set.create(email=email, verified=True, primary=True)
    return person


def _open(requester: Person, project: Project) -> Batch:
    """The texts' batch stays open when all is decided, so that the label API has people to ask."""
    price = {"base_micro": 1200 * project.estimated_task_s, "bonus_micro": 400 * project.estimated_task_s}
    batch = create_batch(requester, project, name="First round", **price, keep_open=project.medium == "text")
    return open_batch(requester, batch)


def _label(label_id: str, en: str, zu: str, colour: str) -> dict:
    return {"id": label_id, "name": {"en": en, "zu": zu}, "colour": colour}


_FRUIT_LABELS = [
    _label("leaf", "Leaf", "Iqabunga", "#2f6b3c"),
    _label("orange", "Orange", "Iwolintshi", "#c96a10"),
    _label("plum", "Plum", "Iplamu", "#5c2f72"),
]


def _project(requester, organisation, title, task_type, medium, config, en, zu, **more) -> Project:
    fields = {"gold_share_bps": 800, "min_answers": 2, "max_answers": 5, "target_ppm": 970_000, "estimated_task_s": 6}
    return create_project(
        requester, organisation, title=title, task_type=task_type, medium=medium, config=config,
        instructions={"en": en, "zu": zu}, **{**fields, **more},
    )  # fmt: skip


def _fill(project: Project, organisation, made, value_of, why) -> dict[int, dict]:
    """Items from (bytes or text, truth) rows; every GOLD_EVERY-th is gold. Returns {item: true value}."""
    dataset, truth = create_dataset(None, project, "Demo"), {}
    for number, (content, fact) in enumerate(made):
        item = _item(dataset, project, organisation, content, number)
        truth[item.pk] = value_of(fact)
        if number % GOLD_EVERY == GOLD_EVERY - 1:
            set_gold(None, item, truth[item.pk], why(fact))
    return truth


def _item(dataset, project, organisation, content, number: int) -> Item:
    if isinstance(content, str):
        return add_text_item(dataset, content, external_id=f"text-{number:03}")
    suffix = "png" if project.medium == "image" else "wav"
    stored = media.store(organisation.pk, io.BytesIO(content), f"demo-{number:03}.{suffix}")
    return add_media_item(dataset, stored, external_id=f"demo-{number:03}.{suffix}")


def _other_label(labels):
    return lambda truth, rng: {"label": rng.choice([one["id"] for one in labels if one["id"] != truth["label"]])}


def _same(truth, rng):
    return truth


def _fruit(requester, organisation):
    project = _project(
        requester, organisation, "Orange, plum or leaf?", "choice", "image", {"labels": _FRUIT_LABELS},
        "## What to do\nLook at the picture and choose what lies on the cloth.", "## Okufanele ukwenze\nBheka isithombe ukhethe okulele endwangwini.",
    )  # fmt: skip
    made = [pictures.single_fruit(seed) for seed in range(72)]
    truth = _fill(
        project, organisation, made, lambda kind: {"label": kind}, lambda kind: f"It is a {kind}: look at the shape."
    )
    return project, truth, _other_label(_FRUIT_LABELS), _same


def _orchards(requester, organisation):
    project = _project(
        requester, organisation, "Box every fruit and leaf", "boxes", "image", {"labels": _FRUIT_LABELS},
        "## What to do\nDraw a tight box around **each** fruit and leaf, shadow left out.", "## Okufanele ukwenze\nDweba ibhokisi eliqinile kuleso naleso sithelo neqabunga, ushiye isithunzi.",
        estimated_task_s=25, target_ppm=850_000, max_answers=4,
    )  # fmt: skip
    truth = _fill(
        project, organisation, [pictures.orchard(seed) for seed in range(36)],
        lambda boxes: {"boxes": boxes}, lambda boxes: f"There are {len(boxes)}: each one gets its own box.",
    )  # fmt: skip
    return project, truth, _careless_boxes, _shaky_boxes


def _shaky_boxes(truth: dict, rng: random.Random) -> dict:
    return {"boxes": [_shaken(box, rng, 3) for box in truth["boxes"]]}


def _careless_boxes(truth: dict, rng: random.Random) -> dict:
    """Some left out, the rest loose."""
    return {"boxes": [_shaken(box, rng, 9) for box in truth["boxes"] if rng.random() < 0.7]}


def _shaken(box: dict, rng: random.Random, by_px: float) -> dict:
    x, y = max(0, box["x"] + round(rng.gauss(0, by_px))), max(0, box["y"] + round(rng.gauss(0, by_px)))
    width, height = (max(8, box[side] + round(rng.gauss(0, by_px))) for side in ("width", "height"))
    return {"label": box["label"], "x": x, "y": y, "width": min(width, 640 - x), "height": min(height, 480 - y)}


def _reviews(requester, organisation):
    labels = [
        _label("positive", "Positive", "Kuhle", "#2f6b3c"),
        _label("neutral", "Neither", "Phakathi", "#6b6459"),
        _label("negative", "Negative", "Kubi", "#a8321f"),
    ]
    project = _project(
        requester, organisation, "What does the customer feel?", "choice", "text", {"labels": labels},
        "## What to do\nRead the review. Is the writer pleased, displeased, or neither?", "## Okufanele ukwenze\nFunda umbono. Ingabe umbhali ujabule, akajabule, noma phakathi?",
    )  # fmt: skip
    truth = _fill(
        project,
        organisation,
        sentences.reviews(),
        lambda kind: {"label": kind},
        lambda kind: f"The writer's feeling is {kind}.",
    )
    return project, truth, _other_label(labels), _same


def _sounds(requester, organisation):
    labels = [
        _label("bell", "Bell", "Insimbi", "#8a6d1f"),
        _label("bird", "Bird", "Inyoni", "#2f6b3c"),
        _label("drum", "Drum", "Isigubhu", "#8a3a1f"),
    ]
    project = _project(
        requester, organisation, "What makes this sound?", "choice", "audio", {"labels": labels},
        "## What to do\nListen, then choose.", "## Okufanele ukwenze\nLalela, bese ukhetha.", estimated_task_s=8,
    )  # fmt: skip
    truth = _fill(
        project,
        organisation,
        [sounds.single_sound(seed) for seed in range(30)],
        lambda kind: {"label": kind},
        lambda kind: f"It is a {kind}.",
    )
    return project, truth, _other_label(labels), _same


def _rhythms(requester, organisation):
    project = _project(
        requester, organisation, "Write down the rhythm", "text", "audio", {"language": "en", "kind": "transcription"},
        "## What to do\nWrite one word for each tone: **short** or **long**.", "## Okufanele ukwenze\nBhala igama elilodwa ngomsindo ngamunye: **short** noma **long**.",
        estimated_task_s=15, target_ppm=900_000,
    )  # fmt: skip
    truth = _fill(
        project,
        organisation,
        [sounds.rhythm(seed) for seed in range(24)],
        lambda words: {"text": words},
        lambda words: f"It goes: {words}.",
    )
    return project, truth, _wrong_words, _same


def _wrong_words(truth: dict, rng: random.Random) -> dict:
    words = truth["text"].split()
    words[rng.randrange(len(words))] = rng.choice(["short", "long", ""])
    return {"text": " ".join(filter(None, words)) or "short"}
