"""One of everything, twice: an organisation's and another's, with a person for each role."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from delivery import outbox
from labelling.conduct.appeal_ban import appeal_ban
from labelling.conduct.ban_worker import ban_worker
from labelling.gold.appeal_gold import appeal_gold
from labelling.models import (
    Answer,
    Ban,
    Decision,
    Estimate,
    Gold,
    GoldAppeal,
    LabelRequest,
    Post,
    PostReport,
    Rating,
    Release,
    TaskQuestion,
    Upload,
    UploadSession,
)
from labelling.work.accept_answers import accept_answers
from labelling.work.draw_work import draw_work
from ledger import factories
from ledger.models import Account
from ledger.posting import post_many
from ml_assist.judges.hire import hire_judge
from ml_assist.judges.models import Judge
from notices.what import stop_token
from payouts.actions.bank_transfers import record_transfer
from payouts.encryption import seal
from payouts.models import BankTransfer, LinkFlag, Payout
from people.actions.add_webhook import add_webhook
from people.actions.invite_member import invite_member
from people.actions.make_token import SCOPES, make_token
from people.models import ApiToken, Membership, Person, Worker
from tests.roles import as_owner
from tests.worlds import World, answer_to, make_worker, opened, sentiment_world, team_of

ABSENT = 999_999_999
ABSENT_UUID = "00000000-0000-7000-8000-000000000000"


@dataclass
class Doors:
    """`people` by role; `own` maps a URL's parameters to rows of the requester's."""

    world: World
    people: dict[str, Person]
    tokens: dict[str, str]
    own: dict[str, object]

    def args(self, names: tuple[str, ...], absent: bool = False) -> dict:
        rows = {name: self.own[name] for name in names}
        if absent:
            rows |= {name: ABSENT_UUID if name in UUIDS else ABSENT for name in names if name in ROWS}
        return rows


UUIDS = {"request_id", "answer_id", "payout_id", "group", "transfer_id", "session_id"}
ROWS = {
    "project_id", "upload_id", "batch_id", "item_id", "release_id", "organisation_id", "person_id", "token_id", "endpoint_id",
    "worker_id", "other_id", "account_id", "request_id", "pk", "dataset_id", "ban_id", "answer_id", "invitation_id",
    "payout_id", "group", "transfer_id", "session_id", "judge_id", "estimate_id",
    "rating_id", "task_question_id", "post_id", "team_id", "link_id", "member_id",
}  # fmt: skip


def lived_in() -> Doors:
    world = opened(sentiment_world(items=4, workers=2, golds=1))
    for worker in world.workers:
        lent = draw_work(worker, world.batch, 20)
        accept_answers(worker, [answer_to(one, {"label": "good"}) for one in lent])
    outbox.drain()
    Decision.objects.filter(item=world.items[0]).update(sure=False)  # a reviewer may look at it
    other = sentiment_world(items=1, workers=1)
    people = {
        "worker": make_worker("nomsa").person,
        "requester": world.requester,
        "other": other.requester,
        **{role: _colleague(world, role) for role in ("manager", "viewer")},
        "reviewer": Person.objects.create_user(email="reviewer@example.org", is_reviewer=True),
        "admin": Person.objects.create_user(email="admin@example.org", is_staff=True, is_superuser=True),
    }
    scopes = {f"token-{scope}": [scope] for scope in SCOPES}
    tokens = {role: make_token(world.requester, role, held)[1] for role, held in scopes.items()}
    ApiToken.objects.update(last_used_at=timezone.now())  # so that using one writes nothing
    return Doors(world, people, tokens, _rows(world))


def _colleague(world: World, role: str) -> Person:
    person = Person.objects.create_user(email=f"{role}@example.org")
    Membership.objects.create(organisation=world.organisation, person=person, role=role)
    return person


def _ban(world: World) -> Ban:
    """One that a worker of the requester's world appealed against."""
    maker = Person.objects.create_user(email="another-admin@example.org", is_staff=True)
    week = timezone.now() + timedelta(days=7)
    worker, sentence = world.workers[0], "The account is used by several people."
    ban = ban_worker(maker, worker, world.project, reason="lent", sentence=sentence, until=week, evidence=[])
    appeal_ban(worker, ban.pk, "Only I use it.")
    return ban


def _gold_appeal(world: World) -> GoldAppeal:
    """A worker of the requester's world says that she was right about a known task."""
    given = Answer.objects.filter(worker=world.workers[1], gold_right=None).exclude(item=world.items[0])
    answer = given.order_by("seq").first()  # items[0] is no known task in the table
    Gold.objects.create(item=answer.item, project=world.project, truth={"label": "bad"})
    with as_owner():
        Answer.objects.filter(pk=answer.pk).update(gold_right=False)
    return appeal_gold(world.workers[1], answer.pk, "It is good.")


def payout_of(worker: Worker) -> Payout:
    """One that she asked for, and that waits."""
    later = timezone.now() + timedelta(days=1)
    money = {"amount_micro": 100_000, "currency": "USD", "destination_sealed": seal("+27821234567")}
    payout = Payout.objects.create(
        id=uuid.uuid4(),
        worker=worker,
        provider="simulated",
        not_before=later,
        waits_for="first",
        next_try_at=later,
        **money,
    )
    legs = factories.moved(factories.suspense_of("simulated"), factories.in_flight_of(payout.pk), 100_000)
    post_many([factories.Transfer(f"test:{payout.pk}", "payout requested", "USD", legs, {})])
    return payout


def _transfer(world: World) -> BankTransfer:
    clerk = Person.objects.create_user(email="clerk@example.org", is_staff=True)
    return record_transfer(clerk, uuid.uuid4(), world.organisation.pk, 1_000_000, "statement 7")


def _rating(world: World) -> Rating:
    """One of three: fewer are not told."""
    marks = {"clear": 3, "fair": 3, "paid": 3, "said_at": timezone.now()}
    raters = [world.workers[1], *(make_worker(f"rater-{n}-{world.project.pk}") for n in (2, 3))]
    first, *_ = [Rating.objects.create(project=world.project, worker=one, **marks) for one in raters]
    return first


def _reported_post(world: World) -> int:
    post = Post.objects.create(project=world.project, worker=world.workers[1], words="Good morning.")
    PostReport.objects.create(post=post, person=world.workers[0].person)
    return post.pk


def _team(world: World) -> dict[str, int]:
    team, link, _secret = team_of(world, world.workers[1])
    return {"team_id": team.pk, "link_id": link.pk, "member_id": team.members.get().pk}


def _linked(world: World) -> LinkFlag:
    now = timezone.now()
    evidence = {"accounts": 2, "signals": ["number"], "alike": ["burst"]}
    return LinkFlag.objects.create(
        group=uuid.uuid4(), worker=world.workers[0], evidence=evidence, made_at=now, until=now + timedelta(hours=72)
    )


def _judge(world: World) -> Judge:
    said = {"protocol": "chat", "address": "https://models.example.org/v1", "model": "m", "prompt": "Good or bad?"}
    return hire_judge(world.requester, world.project, name="A model", most_calls=100, **said)


def _estimate(world: World) -> Estimate:
    fixed = {"half_width_ppm": 100_000, "confidence_ppm": 950_000, "draws": 20, "low": 0, "high": 1}
    items = [[item.pk, 500_000] for item in world.items]
    return Estimate.objects.create(project=world.project, of="share", what="good", seed="0" * 32, items=items, **fixed)


def _rows(world: World) -> dict[str, object]:
    upload = Upload.objects.create(dataset=world.dataset, kind="csv", file_name="a.csv", sha256="0" * 64, state="done")
    release = Release.objects.create(project=world.project, number=1, state="building")
    member = Person.objects.create_user(email="member@example.org")
    Membership.objects.create(organisation=world.organisation, person=member)
    token, _secret = make_token(world.requester, "mine", ["label"])
    request = LabelRequest.objects.create(id=uuid.uuid4(), project=world.project, item=world.items[0])
    endpoint = add_webhook(world.requester, world.organisation.pk, "https://example.org/hook")
    return {
        "project_id": world.project.pk,
        "language": "sw",
        "stop_token": stop_token(world.requester),
        "dataset_id": world.dataset.pk,
        "upload_id": upload.pk,
        "session_id": UploadSession.objects.create(id=uuid.uuid4(), dataset=world.dataset).pk,
        "batch_id": world.batch.pk,
        "item_id": world.items[0].pk,
        "release_id": release.pk,
        "judge_id": _judge(world).pk,
        "estimate_id": _estimate(world).pk,
        "organisation_id": world.organisation.pk,
        "person_id": member.pk,
        "token_id": token.pk,
        "endpoint_id": endpoint.pk,
        "invitation_id": invite_member(world.requester, world.organisation.pk, "asked@example.org").pk,
        "worker_id": world.workers[0].pk,
        "other_id": world.workers[1].pk,
        "ban_id": _ban(world).pk,
        "answer_id": _gold_appeal(world).answer_id,
        "account_id": Account.objects.filter(kind="worker_available").first().pk,
        "request_id": request.pk,
        "payout_id": payout_of(world.workers[1]).pk,
        "group": _linked(world).group,
        "transfer_id": _transfer(world).pk,
        "entry_id": "sentiment",
        "path": "",  # of the phone app
        "name": "variants/0.webp",
        "rating_id": _rating(world).pk,
        "task_question_id": TaskQuestion.objects.create(project=world.project, worker=world.workers[1], words="?").pk,
        "post_id": _reported_post(world),
        **_team(world),
        "month": "2020-01",  # nothing moved in it
        "provider": "simulated",
        "key": "x",
        "uidb36": "1",
        "pk": ABSENT,  # of a passkey: nobody has one here
    }
