"""Bans and appeals: the verbs, what they do to work and money, and the rules that the database keeps."""

import json
import re
import threading
import uuid
from datetime import timedelta

import pytest
from django.conf import settings
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from delivery import outbox
from kernel.errors import Conflict, DomainError, Forbidden, NotFound
from labelling.conduct.appeal_ban import appeal_ban
from labelling.conduct.ban_worker import ban_worker
from labelling.conduct.decide_appeal import decide_appeal
from labelling.conduct.end_bans import end_bans
from labelling.conduct.evidence import NUMBERS
from labelling.conduct.lift_ban import lift_ban
from labelling.models import Answer
from labelling.models.bans import Appeal, Ban
from labelling.work.draw_work import draw_work
from ledger.factories import pending_of
from ledger.reading import balance
from people.actions.erase_person import erase_person
from people.models import AuditEntry, Person
from people.personal_data import export_person
from rewards.models import Score
from tests.worlds import answer_to, opened, sentiment_world

pytestmark = pytest.mark.django_db
SENTENCE = "Forty answers in a row came without a look."
EVIDENCE = [{"kind": "gold", "project": 1, "title": "Good or bad", "numbers": {"gold_seen": 9, "gold_right": 2}}]
NEWER = [EVIDENCE[0] | {"numbers": {"gold_seen": 19, "gold_right": 3}}]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def world():
    return opened(sentiment_world(items=6, workers=2))


@pytest.fixture
def admin():
    return Person.objects.create_user(email="admin@example.org", is_staff=True)


@pytest.fixture
def other_admin():
    return Person.objects.create_user(email="other-admin@example.org", is_staff=True)


def banned(admin, worker, project, **more) -> Ban:
    asked = {"reason": "unread", "sentence": SENTENCE, "until": timezone.now() + 7 * DAY, "evidence": EVIDENCE}
    return ban_worker(admin, worker, project, **(asked | more))


def past(ban: Ban, by: timedelta) -> None:
    """As if it had all happened so long ago: start, end and appeal."""
    ban.refresh_from_db()
    Ban.objects.filter(pk=ban.pk).update(starts_at=ban.starts_at - by, until=ban.until - by)
    for appeal in Appeal.objects.filter(ban=ban):
        decided_at = appeal.decided_at and appeal.decided_at - by
        Appeal.objects.filter(pk=appeal.pk).update(made_at=appeal.made_at - by, decided_at=decided_at)


def phone_of(worker) -> Client:
    client = Client()
    client.force_login(worker.person)
    return client


def offered(worker) -> set[int]:
    return {row["project"] for row in phone_of(worker).get("/api/v1/work/batches").json()["results"]}


def drawn(worker, batch, **more):
    body = {"batch": batch.pk, "n": 1} | more
    return phone_of(worker).post("/api/v1/work/draw", body, content_type="application/json")


def test_a_project_ban_takes_that_project_and_no_other(world, admin):
    elsewhere, worker = opened(sentiment_world(items=3, workers=0)), world.workers[0]
    assert offered(worker) == {world.project.pk, elsewhere.project.pk}
    ban = banned(admin, worker, world.project)
    assert offered(worker) == {elsewhere.project.pk}
    refused = drawn(worker, world.batch)
    assert refused.status_code == 409
    assert refused.json()["error"]["code"] == "banned"
    assert f"until {ban.until:%Y-%m-%d %H:%M} UTC" in refused.json()["error"]["message"]
    assert drawn(worker, elsewhere.batch).status_code == 200
    assert drawn(world.workers[1], world.batch).status_code == 200  # nobody else is touched


def test_a_site_ban_takes_all_work(world, admin):
    elsewhere, worker = opened(sentiment_world(items=3, workers=0)), world.workers[0]
    banned(admin, worker, None, reason="accounts", evidence=[])
    assert offered(worker) == set()
    assert {drawn(worker, one.batch).status_code for one in (world, elsewhere)} == {409}


@pytest.mark.parametrize("end", ["over", "lifted"])
def test_work_comes_back_when_the_ban_ends(world, admin, end):
    worker = world.workers[0]
    ban = banned(admin, worker, world.project)
    assert drawn(worker, world.batch).status_code == 409
    if end == "over":
        past(ban, 8 * DAY)  # no task has run yet: the date alone decides
    else:
        lift_ban(admin, ban.pk, "It was a mistake.")
    assert offered(worker) == {world.project.pk}
    assert drawn(worker, world.batch).status_code == 200


def test_leases_that_she_holds_are_taken_and_paid(world, admin):
    worker = world.workers[0]
    held = draw_work(worker, world.batch, 3)
    banned(admin, worker, world.project)
    answers = [answer_to(one, {"label": "good"}) for one in held[:2]]
    reply = phone_of(worker).post("/api/v1/work/answers", {"answers": answers}, content_type="application/json")
    assert [one["status"] for one in reply.json()["results"]] == ["accepted", "accepted"]
    assert balance(pending_of(worker.pk), "USD") == 2 * world.batch.base_micro
    assert Answer.objects.filter(worker=worker, counted=True).count() == 2
    skipped = phone_of(worker).post("/api/v1/work/skip", {"lease": held[2].lease}, content_type="application/json")
    assert skipped.status_code == 200
    assert phone_of(worker).get("/api/v1/wallet/lines").status_code == 200


def test_a_draw_whose_reply_was_lost_before_the_ban_gives_its_leases_and_no_more(world, admin):
    worker, draw_id = world.workers[0], str(uuid.uuid4())
    before = drawn(worker, world.batch, id=draw_id, n=2).json()["leases"]
    banned(admin, worker, world.project)
    again = drawn(worker, world.batch, id=draw_id, n=5)
    assert (again.status_code, len(before)) == (200, 2)
    assert {one["lease"] for one in again.json()["leases"]} == {one["lease"] for one in before}
    assert drawn(worker, world.batch, id=str(uuid.uuid4())).status_code == 409
    stranger = drawn(world.workers[1], world.batch, id=draw_id)  # the id is only hers
    assert not {one["lease"] for one in stranger.json()["leases"]} & {one["lease"] for one in before}


def test_the_check_costs_no_statement(world, admin, django_assert_num_queries):
    from labelling.access import get_open_batch_for

    with django_assert_num_queries(1):
        get_open_batch_for(world.workers[0], world.batch.pk)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"reason": "dislike"}, "reason"),
        ({"sentence": "No."}, "sentence"),
        ({"until": timezone.now() - HOUR}, "until"),
        ({"until": timezone.now() + 91 * DAY}, "until"),
        ({"until": "tomorrow"}, "until"),
        ({"evidence": []}, "evidence"),
        ({"evidence": [{"kind": "rumour"}]}, "evidence"),
        ({"evidence": [{"kind": "gold", "numbers": {"gold_seen": 9}}]}, "evidence"),
        ({"evidence": [{"kind": "gold", "numbers": {"gold_seen": 9, "gold_right": "few"}}]}, "evidence"),
    ],
)
def test_a_ban_without_its_parts_is_refused(world, admin, wrong, field):
    with pytest.raises(DomainError) as refused:
        banned(admin, world.workers[0], world.project, **wrong)
    assert refused.value.field == field
    assert not Ban.objects.exists()


def test_only_an_admin_bans_and_never_herself(world, admin):
    for actor in (world.requester, world.workers[0].person):
        with pytest.raises(Forbidden):
            banned(actor, world.workers[1], world.project)
    worker = world.workers[0]
    Person.objects.filter(pk=worker.person_id).update(is_staff=True)
    with pytest.raises(Forbidden, match="herself"):
        banned(Person.objects.get(pk=worker.person_id), worker, world.project)


def test_all_work_comes_after_a_project(world, admin, other_admin):
    worker = world.workers[0]
    with pytest.raises(DomainError, match="from a project first"):
        banned(admin, worker, None)
    first = banned(admin, worker, world.project)
    appeal_ban(worker, first.pk, "I was ill.")
    decide_appeal(other_admin, first.pk, "won", "You are right.")
    with pytest.raises(DomainError, match="from a project first"):  # an undone ban is no first one
        banned(admin, worker, None, evidence=NEWER)
    banned(admin, worker, world.project, evidence=NEWER)
    assert banned(admin, worker, None, evidence=NEWER).project is None


def test_evidence_that_she_won_against_is_not_used_again(world, admin, other_admin):
    worker, other = world.workers
    ban = banned(admin, worker, world.project)
    appeal_ban(worker, ban.pk, "I was ill.")
    decide_appeal(other_admin, ban.pk, "won", "You are right.")
    with pytest.raises(DomainError, match="very evidence"):
        banned(admin, worker, world.project, evidence=NEWER + EVIDENCE)
    lift_ban(admin, banned(admin, worker, world.project, evidence=NEWER).pk, "Wrong date.")
    banned(admin, worker, world.project, evidence=NEWER)  # lifted by an admin: nobody has judged it
    banned(admin, other, world.project)  # another worker's


def test_one_standing_ban_each_scope_and_a_new_one_after_it(world, admin):
    worker = world.workers[0]
    ban = banned(admin, worker, world.project)
    with pytest.raises(Conflict, match="already"):
        banned(admin, worker, world.project)
    past(ban, 8 * DAY)
    again = banned(admin, worker, world.project)
    ban.refresh_from_db()
    assert (ban.lifted_because, ban.lifted_at) == ("over", ban.until)
    assert again.stands


def test_an_appeal_that_is_won_lifts_the_ban_and_gives_the_days_back(world, admin, other_admin):
    worker = world.workers[0]
    ban = banned(admin, worker, world.project)
    past(ban, 2 * DAY)
    today = timezone.localdate()
    Score.objects.create(worker=worker, points=10, streak_days=5, last_good_day=today - 3 * DAY)
    appeal_ban(worker, ban.pk, "My sister held the phone for a minute.")
    decide_appeal(other_admin, ban.pk, "won", "That explains it, and we are sorry.")
    outbox.drain()
    outbox.drain()
    ban.refresh_from_db()
    assert (ban.lifted_because, ban.appeal.outcome, ban.stands) == ("appeal", "won", False)
    score = Score.objects.get(worker=worker)
    assert (score.streak_days, score.last_good_day) == (5, today - DAY)
    actions = ("bans.ban_worker", "bans.appeal_ban", "bans.decide_appeal", "bans.lift_ban")
    assert set(AuditEntry.objects.filter(target=f"ban:{ban.pk}").values_list("action", flat=True)) == set(actions)


def test_an_appeal_that_is_lost_leaves_the_ban_until_its_date(world, admin, other_admin):
    worker = world.workers[0]
    ban = banned(admin, worker, world.project)
    appeal_ban(worker, ban.pk, "I looked at each.")
    decide_appeal(other_admin, ban.pk, "lost", "The known items say otherwise.")
    assert drawn(worker, world.batch).status_code == 409
    with pytest.raises(Conflict, match="decided already"):
        decide_appeal(other_admin, ban.pk, "won", "On second thoughts.")
    past(ban, 8 * DAY)
    assert end_bans() == 0
    ban.refresh_from_db()
    assert ban.lifted_because == "over"


def test_the_maker_and_the_worker_herself_do_not_decide(world, admin, other_admin):
    worker = world.workers[0]
    ban = banned(admin, worker, world.project)
    appeal_ban(worker, ban.pk, "I looked at each.")
    with pytest.raises(Forbidden, match="somebody else"):
        decide_appeal(admin, ban.pk, "lost", "No.")
    Person.objects.filter(pk=worker.person_id).update(is_staff=True)
    with pytest.raises(Forbidden, match="her own"):
        decide_appeal(Person.objects.get(pk=worker.person_id), ban.pk, "won", "Of course.")
    with pytest.raises(Forbidden):
        decide_appeal(world.requester, ban.pk, "lost", "No.")
    assert Appeal.objects.get().decided_at is None


@pytest.mark.parametrize(("hours", "lifted"), [(71, 0), (72, 1)])
def test_silence_for_72_hours_lifts_and_71_do_not(world, admin, other_admin, hours, lifted):
    worker = world.workers[0]
    ban = banned(admin, worker, world.project)
    appeal_ban(worker, ban.pk, "I looked at each.")
    past(ban, hours * HOUR)
    assert end_bans() == lifted
    assert end_bans() == 0
    ban.refresh_from_db()
    assert ban.stands is (not lifted)
    assert ban.lifted_because == ("silence" if lifted else "")
    assert drawn(worker, world.batch).status_code == (200 if lifted else 409)


def test_after_72_hours_nobody_can_refuse_her_any_more(world, admin, other_admin):
    ban = banned(admin, world.workers[0], world.project)
    appeal_ban(world.workers[0], ban.pk, "I looked at each.")
    past(ban, 72 * HOUR)
    with pytest.raises(Conflict, match="silence has lifted"):
        decide_appeal(other_admin, ban.pk, "lost", "Too late.")
    assert decide_appeal(other_admin, ban.pk, "won", "Sorry that it took so long.").outcome == "won"


def test_an_appeal_that_waits_keeps_a_ban_from_being_marked_over(world, admin):
    """Else silence would have nothing to undo, and the ban would count against her."""
    ban = banned(admin, world.workers[0], world.project, until=timezone.now() + DAY)
    appeal_ban(world.workers[0], ban.pk, "I looked at each.")
    past(ban, 2 * DAY)
    assert (end_bans(), Ban.objects.get().lifted_because) == (0, "")
    past(ban, DAY)
    assert (end_bans(), Ban.objects.get().lifted_because) == (1, "silence")


def test_one_appeal_for_each_ban_safe_to_repeat(world, admin):
    worker, other = world.workers
    ban = banned(admin, worker, world.project)
    first = appeal_ban(worker, ban.pk, " I looked at each. ")
    assert appeal_ban(worker, ban.pk, "I looked at each.").pk == first.pk
    with pytest.raises(Conflict, match="already"):
        appeal_ban(worker, ban.pk, "And another thing.")
    with pytest.raises(NotFound):
        appeal_ban(other, ban.pk, "Let her go.")
    for words in ("", " ", None, "x" * 2001):
        with pytest.raises(DomainError, match="words must be"):
            appeal_ban(worker, ban.pk, words)
    assert Appeal.objects.count() == 1


def test_nothing_to_appeal_when_it_is_over(world, admin):
    ban = banned(admin, world.workers[0], world.project)
    lift_ban(admin, ban.pk, "A mistake.")
    with pytest.raises(Conflict, match="over"):
        appeal_ban(world.workers[0], ban.pk, "Why?")
    with pytest.raises(Conflict, match="ended already"):
        lift_ban(admin, ban.pk, "Twice.")


def test_lifting_ends_an_open_appeal(world, admin):
    ban = banned(admin, world.workers[0], world.project)
    appeal_ban(world.workers[0], ban.pk, "I looked at each.")
    lift_ban(admin, ban.pk, "She is right.")
    appeal = Appeal.objects.get()
    assert (appeal.outcome, appeal.decided_by, appeal.ban.lifted_because) == ("lifted", None, "admin")


def test_everybody_whom_it_concerns_is_written_to(world, admin, other_admin):
    worker = world.workers[0]
    ban = banned(admin, worker, world.project)
    appeal_ban(worker, ban.pk, "I looked at each.")
    decide_appeal(other_admin, ban.pk, "lost", "No.")
    lift_ban(admin, ban.pk, "After all.")
    outbox.drain()
    told = sorted((letter.to[0], letter.body.split(":")[0]) for letter in mail.outbox)
    who = worker.person.email
    assert [to for to, _ in told] == sorted([other_admin.email, who, who, who])  # not the maker
    assert any("can take no new work in Good or bad" in body for _, body in told)
    assert any("the ban is lifted" in letter.body for letter in mail.outbox)


def stored(**changes) -> None:
    with transaction.atomic():
        Ban.objects.update(**changes)
        connection.check_constraints()


@pytest.mark.parametrize(
    ("law", "changes"),
    [
        ("ban_ends_after_it_starts", {"until": timezone.now() - DAY}),
        ("no_ban_for_ever", {"until": timezone.now() + 200 * DAY}),
        ("ban_lifted_with_a_cause", {"lifted_because": "over"}),
        ("ban_lifted_with_a_cause", {"lifted_at": timezone.now()}),
        ("ban_is_explained", {"sentence": ""}),
    ],
)
def test_the_database_refuses_a_ban_that_breaks_the_law(world, admin, law, changes):
    banned(admin, world.workers[0], world.project)
    with pytest.raises(IntegrityError, match=law):
        stored(**changes)
    stored(until=timezone.now() + 80 * DAY)  # the control: a lawful change passes


@pytest.mark.parametrize("scope", ["project", "site"])
def test_the_database_refuses_a_second_standing_ban(world, admin, scope):
    project = world.project if scope == "project" else None
    ban = banned(admin, world.workers[0], project, reason="accounts")
    again = {name: getattr(ban, name) for name in ("worker", "project", "reason", "sentence", "starts_at", "until")}
    with pytest.raises(IntegrityError, match="one_standing_ban_each_scope"), transaction.atomic():
        Ban.objects.create(**again, made_by=admin)
    stored(lifted_at=timezone.now(), lifted_because="admin")
    Ban.objects.create(**again, made_by=admin)


def appealed(**changes) -> None:
    with transaction.atomic():
        Appeal.objects.update(**changes)


def test_the_database_refuses_what_no_appeal_may_be(world, admin, other_admin):
    ban = banned(admin, world.workers[0], world.project)
    appeal = appeal_ban(world.workers[0], ban.pk, "I looked at each.")
    now = timezone.now()
    answered = {"decided_at": now, "answer": "No."}
    for law, changes in (
        ("appeal_decided_by_another", {**answered, "decided_by": admin, "outcome": "lost"}),
        ("appeal_against_the_maker", {"against": other_admin}),
        ("appeal_decided_with_an_outcome", {"decided_at": now}),
        ("appeal_answered_by_a_person", {**answered, "outcome": "lost"}),
        ("appeal_answered_by_a_person", {"decided_at": now, "outcome": "won", "decided_by": other_admin}),
        ("silence_after_72_hours", {"outcome": "silence", "decided_at": now + 71 * HOUR}),
        (
            "lost_within_72_hours",
            {**answered, "outcome": "lost", "decided_by": other_admin, "decided_at": appeal.answer_by},
        ),
    ):
        with pytest.raises(IntegrityError, match=law):
            appealed(**changes)
    with pytest.raises(IntegrityError), transaction.atomic():
        Appeal.objects.create(ban=ban, against=admin, words="Again.", made_at=now)
    appealed(**answered, decided_by=other_admin, outcome="lost")  # the control


@pytest.mark.parametrize("language", ["en", "zu"])
def test_the_phone_has_a_sentence_for_each_reason_and_each_kind_of_evidence(language):
    catalogue = json.loads((settings.ROOT / f"worker_app/locales/{language}/bans.json").read_text())
    assert all(f"bans.reason.{reason}" in catalogue for reason in Ban.Reason.values)
    assert all(f"bans.state.{because}" in catalogue for because in Ban.Because.values)
    assert all(f"appeal.{outcome}" in catalogue for outcome in Appeal.Outcome.values)
    for kind, numbers in NUMBERS.items():
        assert set(re.findall(r"{(\w+)}", catalogue[f"evidence.{kind}"])) == set(numbers), kind


def test_her_own_data_hold_the_ban_and_not_the_admin_and_forget_her_words(world, admin):
    person = world.workers[0].person
    ban = banned(admin, world.workers[0], world.project)
    appeal_ban(world.workers[0], ban.pk, "I looked at each.")
    mine = json.loads("".join(export_person(person)))
    assert [row["sentence"] for row in mine["labelling.Ban"]] == [SENTENCE]
    assert [row["words"] for row in mine["labelling.Appeal"]] == ["I looked at each."]
    assert not {"made_by", "against", "decided_by"} & {*mine["labelling.Ban"][0], *mine["labelling.Appeal"][0]}
    theirs = json.loads("".join(export_person(admin)))
    assert (theirs["labelling.Ban"], theirs["labelling.Appeal"]) == ([], [])
    erase_person(person)
    assert (Ban.objects.count(), Appeal.objects.count()) == (1, 0)


@pytest.mark.django_db(transaction=True)
def test_two_admins_at_once_make_one_ban(world, admin, other_admin):
    start, said = threading.Barrier(2), []

    def ban(actor: Person) -> None:
        start.wait(20)
        try:
            said.append(banned(actor, world.workers[0], world.project))
        except Conflict as refusal:
            said.append(refusal)
        connection.close()

    threads = [threading.Thread(target=ban, args=(actor,)) for actor in (admin, other_admin)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(type(one).__name__ for one in said) == ["Ban", "Conflict"]
    assert Ban.objects.count() == 1
