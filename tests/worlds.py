"""Small named worlds that tests start from: everything is made through the same verbs that the product uses."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.http import HttpRequest
from django.test import Client

from labelling.batches.create_batch import create_batch
from labelling.batches.open_batch import open_batch
from labelling.data.add_items import add_text_item
from labelling.data.create_dataset import create_dataset
from labelling.data.part_rows import content_of
from labelling.gold.set_gold import set_gold
from labelling.models import Batch, Dataset, Item, Project, Team, TeamLink
from labelling.projects.change_team import make_link, make_team
from labelling.projects.create_project import create_project
from labelling.task_types.parts import checked_parts
from labelling.work.join_team import join_team
from labelling.work.mark_recorded import mark_recorded
from ledger import factories
from ledger.posting import post_many
from people.models import Membership, Organisation, Person, Worker

LABELS = [{"id": "bad", "name": {"en": "Bad"}}, {"id": "good", "name": {"en": "Good"}}]


def make_worker(name: str, *, recorded: bool = True) -> Worker:
    """Recorded: she answers at the pace of a computer, as most tests do. What holds for people is tested in tests/tempo."""
    agreed = {"terms_version": settings.TERMS_VERSION}
    person = Person.objects.create_user(email=f"{name}@example.org", display_name=name, **agreed)
    worker = Worker.objects.create(person=person)
    if recorded:
        mark_recorded([worker])
    return worker


def sign_in(client: Client, person: Person) -> Client:
    """As if she had typed her code a moment ago: what asks for a recent sign-in is open."""
    client.force_login(person)
    request = HttpRequest()
    request.session = client.session
    record_authentication(request, person, method="code")
    request.session.save()
    return client


@dataclass
class World:
    organisation: Organisation
    requester: Person
    project: Project
    dataset: Dataset
    items: list[Item]
    workers: list[Worker]
    batch: Batch | None = None
    golds: list[Item] = field(default_factory=list)


def deposit(organisation: Organisation, amount_micro: int) -> None:
    post_many([factories.deposit(str(uuid.uuid4()), organisation.pk, amount_micro, "USD", "simulated")])


def add_parts_item(dataset, said: Sequence[tuple[str, str]]) -> Item:
    """An item of parts, each (role, text)."""
    parts = checked_parts([{"role": role, "text": text, "meta": {"model": "secret"}} for role, text in said])
    return Item.objects.create(
        project=dataset.project, dataset=dataset, content_hash=content_of(parts), payload={"parts": parts}
    )


def sentiment_world(
    *, items: int = 6, workers: int = 3, golds: int = 0, funds_micro: int = 100_000_000, **project
) -> World:
    """Short texts to be called good or bad, by the organisation "Acme", with money deposited."""
    organisation = Organisation.objects.create(name="Acme")
    requester = Person.objects.create_user(email=f"requester-{organisation.pk}@example.org")
    Membership.objects.create(organisation=organisation, person=requester, role="owner")
    fields = {
        "title": "Good or bad",
        "task_type": "choice",
        "medium": "text",
        "config": {"labels": LABELS},
        "min_answers": 2,
        "max_answers": 3,
        "target_ppm": 800_000,
        "gold_share_bps": 0,
        "estimated_task_s": 5,
    }
    made = create_project(requester, organisation, **{**fields, **project})
    dataset = create_dataset(requester, made, "first")
    rows = [add_text_item(dataset, f"text number {i}") for i in range(items)]
    known = [add_text_item(dataset, f"known text {i}") for i in range(golds)]
    for item in known:
        set_gold(requester, item, {"label": "good"}, "It is plainly good.")
    deposit(organisation, funds_micro)
    crew = [make_worker(f"w{i}-{organisation.pk}") for i in range(workers)]
    return World(organisation, requester, made, dataset, rows, crew, golds=known)


def opened(world: World, *, base_micro: int = 10_000, bonus_micro: int = 5_000, **batch) -> World:
    world.batch = create_batch(
        world.requester, world.project, name="b1", base_micro=base_micro, bonus_micro=bonus_micro, **batch
    )
    open_batch(world.requester, world.batch)
    return world


def team_of(world: World, *members: Worker) -> tuple[Team, TeamLink, str]:
    """A team of the organisation with these people in it, the link that they came by, and its secret."""
    team = make_team(world.requester, world.organisation, "Readers")
    link, address = make_link(world.requester, team)
    secret = address.rsplit("/", 1)[1]
    for worker in members:
        join_team(worker, secret)
    return team, link, secret


def answer_to(lent, value: dict, **more) -> dict:
    """An answer as the phone sends it."""
    return {
        "id": str(uuid.uuid4()),
        "lease": lent.lease,
        "value": value,
        "active_ms": 2000,
        "device_class": "phone",
        **more,
    }
