"""Reviews: the old decision is kept, pay stays, the crowd does not decide again, the second reviewer is told so."""

import threading

import pytest
from django.db import connection, transaction
from django.test import override_settings

from consensus.app.actions.review_item import AS_DECIDED, CANNOT_BE_TOLD, MAX_REASON, METHOD, review_item
from consensus.app.actions.undo_review import undo_review
from consensus.app.models import SupersededDecision
from delivery.models import OutboxEvent
from kernel.errors import Conflict, DomainError, NotFound
from labelling.access import decisions_to_review
from labelling.models import Answer, Decision, Project, Settlement
from labelling.models.reviewers import reviewer_id
from labelling.releases.create_release import create_release
from ledger.models import Leg
from people.models import AuditEntry, Membership, Person
from proofs import inputs_hash
from tests.consensus_app.disputed import decision_of, disputed_world, everything, new_reviewer, other_answer
from tests.roles import as_owner
from tests.worlds import make_worker, sentiment_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return disputed_world()


@pytest.fixture
def reviewer():
    return new_reviewer()


# --- choosing ---------------------------------------------------------------------------------------------------------
def test_the_chosen_answer_is_the_decision_and_the_crowds_is_kept(world, reviewer):
    before = decision_of(world.items[0])
    chosen = other_answer(before)
    settled, legs = list(Settlement.objects.values()), list(Leg.objects.values())
    review_item(reviewer, before.item_id, str(chosen.pk), "  It says so in the second line. ")
    after = decision_of(world.items[0])
    assert (after.pk, after.value, after.sure, after.final) == (before.pk, chosen.value, True, True)
    assert (after.source, after.method) == ("reviewer", METHOD)
    assert (after.confidence_ppm, after.agreement_ppm) == (before.confidence_ppm, before.agreement_ppm)
    assert after.detail["review"] == {
        "by": reviewer_id(reviewer), "choice": str(chosen.pk), "reason": "It says so in the second line.",
    }  # fmt: skip
    assert after.inputs_hash == inputs_hash(after.detail["inputs"]) != before.inputs_hash
    old = SupersededDecision.objects.filter(item=before.item_id).latest("pk")
    assert (old.value, old.method, old.inputs_hash) == (before.value, before.method, before.inputs_hash)
    assert (old.inputs, old.decided_at) == (before.detail["inputs"], before.decided_at)
    assert (list(Settlement.objects.values()), list(Leg.objects.values())) == (settled, legs)
    entry = AuditEntry.objects.get(action="decision.review")
    assert (entry.actor, entry.target) == (reviewer, f"item:{before.item_id}")
    assert entry.detail == {"choice": str(chosen.pk), "reason": "It says so in the second line."}


def test_a_reviewer_may_confirm_the_crowd_or_say_that_it_cannot_be_told(world, reviewer):
    for item, choice, sure in ((world.items[0], AS_DECIDED, True), (world.items[1], CANNOT_BE_TOLD, False)):
        before = decision_of(item)
        review_item(reviewer, item.pk, choice)
        after = decision_of(item)
        assert (after.value, after.sure, after.source) == (before.value, sure, "reviewer")
        assert after.detail["review"]["choice"] == choice
    assert [d.item_id for d in decisions_to_review(reviewer)] == [world.items[2].pk]


@pytest.mark.parametrize("task_type", ["text", "boxes"])
def test_answers_of_every_type_can_be_chosen(reviewer, task_type):
    """The item and its answers of a sentiment world, in another shape."""
    world = disputed_world()
    values = {
        "text": [{"text": "ubuntu"}, {"text": "ubuntu ngabantu"}],
        "boxes": [{"boxes": []}, {"boxes": [{"label": "good", "x": 1, "y": 2, "width": 30, "height": 40}]}],
    }[task_type]
    Project.objects.filter(pk=world.project.pk).update(task_type=task_type)
    answers = list(Answer.objects.filter(item=world.items[0]).order_by("seq"))
    for answer, value in zip(answers, values, strict=True):
        with as_owner():
            Answer.objects.filter(pk=answer.pk).update(value=value)
    review_item(reviewer, world.items[0].pk, str(answers[1].pk))
    assert decision_of(world.items[0]).value == values[1]


@pytest.mark.parametrize(
    "choice", ["", "good", "00000000-0000-7000-8000-000000000000", "\x00", "an answer to another item"]
)
def test_what_is_no_answer_of_the_item_is_refused(world, reviewer, choice):
    if choice.startswith("an answer"):
        choice = str(Answer.objects.filter(item=world.items[1]).first().pk)
    before = everything()
    with pytest.raises(DomainError, match="Choose one of the answers") as refusal:
        review_item(reviewer, world.items[0].pk, choice)
    assert refusal.value.field == "choice"
    assert everything() == before


@pytest.mark.parametrize("reason", ["x" * (MAX_REASON + 1), "no\x00thing"])
def test_a_reason_is_short_plain_text(world, reviewer, reason):
    before = everything()
    with pytest.raises(DomainError, match="at most 500 characters") as refusal:
        review_item(reviewer, world.items[0].pk, AS_DECIDED, reason)
    assert (refusal.value.field, everything()) == ("reason", before)
    review_item(reviewer, world.items[0].pk, AS_DECIDED, "x" * MAX_REASON)


# --- who --------------------------------------------------------------------------------------------------------------
def test_reviewers_see_what_is_final_and_unsure_and_members_what_is_theirs(world, reviewer):
    sure, waiting = world.items[:2]
    Decision.objects.filter(item=sure).update(sure=True)
    other, admin = sentiment_world(items=1).requester, Person.objects.create_user(email="a@example.org", is_staff=True)
    seen = {p: {d.item_id for d in decisions_to_review(p)} for p in (reviewer, world.requester, other, admin)}
    mine = {waiting.pk, world.items[2].pk}
    assert seen == {reviewer: mine, world.requester: mine, other: set(), admin: set()}
    for person, item in ((reviewer, sure), (other, waiting), (admin, waiting), (world.workers[2].person, waiting)):
        with pytest.raises(NotFound):
            review_item(person, item.pk, AS_DECIDED)
    review_item(world.requester, waiting.pk, AS_DECIDED)
    world.project.archived_at = decision_of(waiting).decided_at
    world.project.save()
    assert not decisions_to_review(reviewer).exists()
    with pytest.raises(NotFound):
        review_item(reviewer, world.items[2].pk, AS_DECIDED)


def test_open_decisions_are_not_reviewed(reviewer):
    world = disputed_world(answers=3)
    Decision.objects.filter(item=world.items[0]).update(final=False)
    with pytest.raises(NotFound):
        review_item(reviewer, world.items[0].pk, AS_DECIDED)


def test_who_answered_an_item_does_not_judge_it(world, reviewer):
    person = world.workers[0].person
    Person.objects.filter(pk=person.pk).update(is_reviewer=True)
    person.refresh_from_db()
    assert not decisions_to_review(person).exists()
    with pytest.raises(NotFound):
        review_item(person, world.items[0].pk, AS_DECIDED)
    Membership.objects.create(organisation=world.organisation, person=person, role="manager")
    with pytest.raises(NotFound):
        review_item(person, world.items[0].pk, AS_DECIDED)
    idle = world.workers[2].person  # the control: a worker who did not answer it
    Person.objects.filter(pk=idle.pk).update(is_reviewer=True)
    idle.refresh_from_db()
    review_item(idle, world.items[0].pk, AS_DECIDED)


def test_a_reviewers_name_says_nothing_and_is_always_the_same(reviewer):
    other = make_worker("zodwa").person
    assert reviewer_id(reviewer) == reviewer_id(Person.objects.get(pk=reviewer.pk)) != reviewer_id(other)
    here = reviewer_id(reviewer)
    with override_settings(SECRET_KEY="another"):  # whoever lacks the server's key cannot make it
        assert reviewer_id(reviewer) != here


# --- twice ------------------------------------------------------------------------------------------------------------
def test_the_same_choice_again_changes_nothing_and_another_is_refused(world, reviewer):
    item = world.items[0].pk
    second = Person.objects.create_user(email="second@example.org", is_reviewer=True)
    review_item(reviewer, item, CANNOT_BE_TOLD, "too short")
    before = everything()
    assert review_item(reviewer, item, CANNOT_BE_TOLD).value == decision_of(item).value
    with pytest.raises(Conflict, match="undo that first"):
        review_item(reviewer, item, AS_DECIDED)
    for choice in (CANNOT_BE_TOLD, AS_DECIDED):
        with pytest.raises(Conflict, match="nothing of yours was saved") as refusal:
            review_item(second, item, choice)
        assert refusal.value.status == 409
    assert everything() == before


@pytest.mark.django_db(transaction=True)
def test_two_reviewers_at_once_one_saves_and_one_is_told():
    world = disputed_world()
    people = [Person.objects.create_user(email=f"r{n}@example.org", is_reviewer=True) for n in range(2)]
    start, said, kept = threading.Barrier(2), [], SupersededDecision.objects.count()

    def review(person, choice):
        try:
            start.wait()
            said.append(review_item(person, world.items[0].pk, choice).source)
        except Conflict as refusal:
            said.append(str(refusal))
        finally:
            connection.close()

    threads = [
        threading.Thread(target=review, args=pair) for pair in zip(people, (AS_DECIDED, CANNOT_BE_TOLD), strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said) == [
        "Another reviewer has decided this item in the meantime: nothing of yours was saved.", "reviewer",
    ]  # fmt: skip
    assert SupersededDecision.objects.count() - kept == AuditEntry.objects.filter(action="decision.review").count() == 1


# --- undo -------------------------------------------------------------------------------------------------------------
def test_undo_brings_the_crowds_decision_back(world, reviewer):
    item = world.items[0]
    before = Decision.objects.filter(item=item).values().get()
    review_item(reviewer, item.pk, str(other_answer(decision_of(item)).pk))
    said = decision_of(item)
    undo_review(reviewer, item.pk)
    after = Decision.objects.filter(item=item).values().get()
    assert after | {"decided_at": None} == before | {"decided_at": None}
    assert after["decided_at"] > said.decided_at
    kept = list(SupersededDecision.objects.filter(item=item).order_by("pk").values_list("method", "value"))
    assert kept[-2:] == [(before["method"], before["value"]), (METHOD, said.value)]
    assert AuditEntry.objects.get(action="decision.undo_review").target == f"item:{item.pk}"
    assert [e.payload["decision"]["source"] for e in OutboxEvent.objects.filter(name="item.decided").order_by("pk")][
        -2:
    ] == ["reviewer", "crowd"]
    review_item(reviewer, item.pk, CANNOT_BE_TOLD)  # and she may choose anew, and take that back too
    undo_review(reviewer, item.pk)
    assert Decision.objects.filter(item=item).values().get() | {"decided_at": None} == before | {"decided_at": None}


def test_only_the_reviewer_herself_undoes_and_not_after_a_release(world, reviewer):
    item = world.items[0].pk
    second = Person.objects.create_user(email="second@example.org", is_reviewer=True)
    with pytest.raises(NotFound):
        undo_review(reviewer, item)  # nothing to undo yet
    review_item(reviewer, item, AS_DECIDED)
    for person in (second, world.requester):
        with pytest.raises(NotFound):
            undo_review(person, item)
    with transaction.atomic():
        release = create_release(world.requester, world.project)
    before = everything()
    with pytest.raises(Conflict, match="cannot be undone any more"):
        undo_review(reviewer, item)
    assert everything() == before
    release.state = "failed"  # the control: nobody holds what a failed release would have held
    release.save()
    undo_review(reviewer, item)
