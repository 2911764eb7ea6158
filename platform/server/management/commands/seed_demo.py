"""Fill an empty platform with the demo: projects, a crowd at work, money, and a person of each role to sign in as. Once."""

from __future__ import annotations

import json
import time
import uuid
from dataclasses import replace

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from consensus.app.actions.look_for_abuse import look_for_abuse
from consensus.app.actions.refresh_skills import redecide, refresh_skills
from delivery import outbox
from labelling.batches.create_batch import create_batch
from labelling.batches.open_batch import open_batch
from labelling.label_api.request_label import Asked, request_label
from labelling.models import Batch, Project
from labelling.releases.build_release import build_release
from labelling.releases.create_release import create_release
from labelling.work.mark_recorded import mark_recorded
from ledger.factories import funds_of
from ledger.posting import balance
from ml_assist.learners import has_learner
from ml_assist.tasks import train
from payouts.actions.look_up_order import look_up_order
from payouts.actions.request_deposit import request_deposit
from payouts.actions.request_payout import request_payout
from payouts.actions.send_order import send_order
from people.actions.become_worker import become_worker
from people.actions.create_organisation import create_organisation
from people.audit import record
from people.models import AuditEntry, Organisation, Person
from server.demo import from_catalogue, sentences
from server.demo.appeals import ban_and_appeal, question_a_miss
from server.demo.crowd import Member, always, work_through
from server.demo.projects import MAKERS, Made, reviews, same

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
SHARES = (0.55, 0.5, 0.6, 0.4, 0.4)  # of each project's items decided when the demo begins
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
            record(None, "demo.loaded")
        elif not AuditEntry.objects.filter(action="demo.loaded").exists():
            self.stdout.write(
                f"The demo was stopped while it was being loaded, so some of it is missing: delete {settings.DATA_DIR} to load it anew."
            )
            return
        people = [{"role": role, "email": email, "password": PASSWORD} for role, email in PEOPLE.items()]
        accounts.write_text(json.dumps(people))

    def _seed(self) -> None:
        with transaction.atomic():
            thandi = Member(become_worker(_worker(PEOPLE["worker"], "Thandi", language="en"), "ZA"), 0.93)
            _person(PEOPLE["admin"], "Admin", is_staff=True, is_superuser=True)
            _person(PEOPLE["reviewer"], "Lindiwe", is_reviewer=True)
            requester = _person(PEOPLE["requester"], "Nomsa")
            organisation = create_organisation(requester, "Umlazi Market Data")
            crowd = [_neighbour(name, skill) for name, skill in CROWD]
            ivan = _neighbour("Ivan", 0.0, habit=always({"label": "positive"}))
            crowd.append(ivan)
            mark_recorded(member.worker for member in [*crowd, thandi])
            colleague = _person("zodwa@demo.example", "Zodwa", is_staff=True)
        self._deposit(requester, organisation)
        for number, make in enumerate(MAKERS):
            with transaction.atomic():
                made = make(requester, organisation)
                batch = _open(requester, made.project)
            # Ivan clicks one label, so he takes part only where it exists; Thandi begins with the fruit.
            there = [one for one in crowd if one.habit is None or make is reviews]
            first = work_through(batch, there, made, until=SHARES[number] / 2, seed=number)
            refresh_skills(made.project.pk)
            redecide(made.project.pk)
            there += [thandi] * (number == 0)
            second = work_through(batch, there, made, until=SHARES[number], seed=number + 50)
            refresh_skills(made.project.pk)
            outbox.drain()
            if has_learner(made.project.medium, made.project.task_type):
                train(made.project.pk)
            self.stdout.write(f"  {made.project.title}: {first + second} answers by {len(there)} simulated workers")
            if make is reviews:
                asked = _ask(made, batch, there)
                self.stdout.write(f"  {asked} labels asked for through the label API")
            look_for_abuse(made.project.pk)
            if make is reviews:
                ban_and_appeal(colleague, ivan.worker, made.project)
                question_a_miss(made.project, ivan.worker)
        self._open_catalogue(requester, organisation, crowd[:4])
        mark_recorded([thandi.worker], recorded=False)  # from here on a person works under her name
        self._release(requester, organisation)
        self._pay_out(crowd[:3])

    def _open_catalogue(self, requester: Person, organisation: Organisation, crowd: list[Member]) -> None:
        """What the other answer types look like: few items each, so that the first start takes no longer."""
        for number, make in enumerate(from_catalogue.MAKERS):
            with transaction.atomic():
                made = make(requester, organisation)
                batch = _open(requester, made.project)
            given = work_through(batch, crowd, made, until=0.5, seed=number + 200)
            refresh_skills(made.project.pk)
            redecide(made.project.pk)
            outbox.drain()
            self.stdout.write(f"  {made.project.title}: {given} answers by {len(crowd)} simulated workers")

    def _release(self, requester: Person, organisation: Organisation) -> None:
        release = create_release(requester, organisation.projects.earliest("pk"))
        outbox.drain()
        build_release(release.pk)

    def _pay_out(self, members: list[Member]) -> None:
        """Three have their money sent; the rail takes its time, as rails do."""
        for place, member in enumerate(members):
            phone = f"+2782555010{place}"
            look_up_order(send_order(request_payout(member.worker, uuid.uuid4(), None, phone)))

    def _deposit(self, requester: Person, organisation: Organisation) -> None:
        """By the simulated card, as a requester would."""
        deposit = send_order(request_deposit(requester, organisation, uuid.uuid4(), FUNDS_MICRO, "card-ok"))
        for _ in range(50):
            if balance(funds_of(organisation.pk), settings.CURRENCY) == FUNDS_MICRO:
                return
            time.sleep(0.2)
            look_up_order(deposit)
        raise CommandError("The simulated rail did not take the demo's deposit: is it running?")


def _ask(made: Made, batch: Batch, crowd: list[Member]) -> int:
    """Reviews that come in one by one: the model answers those of which it is sure, people the others and some of its own."""
    truth = {}
    for text, kind in sentences.later_reviews():
        truth[request_label(made.project, Asked(text=text)).item_id] = {"label": kind}
    outbox.drain()
    known = replace(made, truth=truth | _known_so_far(made.project), near=same)
    work_through(batch, crowd, known, until=0.75, seed=99)
    outbox.drain()
    return len(sentences.later_reviews())


def _known_so_far(project: Project) -> dict[int, dict]:
    texts = {text: {"label": kind} for text, kind in sentences.reviews()}
    return {item.pk: texts[item.payload["text"]] for item in project.items.all() if item.payload.get("text") in texts}


def _person(email: str, name: str, **fields) -> Person:
    person = Person.objects.create_user(email=email, display_name=name, password=PASSWORD, **fields)
    return person


def _worker(email: str, name: str, **fields) -> Person:
    """Who has read the page that stands before the first task."""
    return _person(email, name, terms_version=settings.TERMS_VERSION, **fields)


def _neighbour(name: str, skill: float, **more) -> Member:
    return Member(become_worker(_worker(f"{name.lower()}@crowd.example", name)), skill, **more)


def _open(requester: Person, project: Project) -> Batch:
    """The texts' batch stays open when all is decided, so that the label API has people to ask."""
    seconds = project.estimated_task_s
    batch = create_batch(
        requester, project, name="First round", base_micro=1200 * seconds, bonus_micro=400 * seconds,
        keep_open=project.medium == "text",
    )  # fmt: skip
    return open_batch(requester, batch)
