"""What the house does with a review: the crowd leaves it alone, releases, webhooks, models and proofs hold it."""

import json

import pytest
from django.utils import timezone

from anchoring.actions.build_bundle import build_bundle
from anchoring.actions.close_period import close_period
from consensus.app.actions.decide_items import decide_items, finish_items
from consensus.app.actions.finish_batch import finish_batch
from consensus.app.actions.review_item import AS_DECIDED, CANNOT_BE_TOLD, METHOD, review_item
from consensus.app.models import Skill
from delivery import outbox
from delivery.models import WebhookDelivery, WebhookEndpoint
from labelling.models import BatchItem, Decision, Lease, Settlement
from labelling.models.reviewers import reviewer_id
from labelling.proof.verify import check
from labelling.releases.build_release import build_release
from labelling.releases.create_release import create_release
from labelling.releases.download_release import download_release
from labelling.task_types.label_names import names_of, with_names
from labelling.work.accept_answers import accept_answers
from labelling.work.draw_work import draw_work
from labelling.work.expire_leases import expire_leases
from ml_assist.examples import labelled_items
from tests.consensus_app.disputed import decision_of, disputed_world, new_reviewer, other_answer
from tests.worlds import answer_to, opened, sentiment_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return disputed_world()


@pytest.fixture
def reviewer():
    return new_reviewer()


def turn_the_crowd_around(project) -> None:
    """Skills with which the votes speak for "bad"."""
    for skill in Skill.objects.filter(project=project):
        skill.tables |= {"labels": ["bad", "good"], "table": [[0, -9000], [0, -9000]]}
        skill.save()


def test_the_crowds_last_word_leaves_a_review_alone(reviewer):
    world = disputed_world(answers=3)
    Skill.objects.update_or_create(
        project=world.project, annotator="crowd", defaults={"tables": {"prior": [0, 0], "labels": ["bad", "good"]}}
    )
    turn_the_crowd_around(world.project)
    reviewed, control = world.items[:2]
    assert decision_of(reviewed).value == decision_of(control).value == {"label": "good"}
    review_item(reviewer, reviewed.pk, AS_DECIDED)
    said = Decision.objects.filter(item=reviewed).values().get()
    BatchItem.objects.filter(item__in=[reviewed, control]).update(state="open")  # worst case: still asked
    decide_items([reviewed.pk])
    assert finish_items(world.batch.pk, [reviewed.pk, control.pk]) == 1
    assert decision_of(control).value == {"label": "bad"}
    finish_batch(world.batch.pk)
    assert Decision.objects.filter(item=reviewed).values().get() == said


def test_a_later_release_holds_the_review_with_its_source(world, reviewer):
    told, untold, left = world.items
    chosen = other_answer(decision_of(told))
    review_item(reviewer, told.pk, str(chosen.pk))
    review_item(reviewer, untold.pk, CANNOT_BE_TOLD)
    release = create_release(world.requester, world.project)
    build_release(release.pk)
    release.refresh_from_db()
    lines = [json.loads(line) for line in b"".join(download_release(world.requester, release).chunks).splitlines()]
    names = names_of(world.project.config)
    assert [
        (line["item"], line["decision"], line["sure"], line["method"], line["provenance"]["source"]) for line in lines
    ] == [
        (told.pk, with_names(chosen.value, names), True, METHOD, "reviewer"),
        (untold.pk, with_names(decision_of(untold).value, names), False, METHOD, "reviewer"),
        (left.pk, with_names(decision_of(left).value, names), False, decision_of(left).method, "crowd"),
    ]
    assert reviewer_id(reviewer) not in json.dumps(lines)


def test_webhooks_and_the_model_hear_of_a_review(world, reviewer):
    endpoint = WebhookEndpoint.objects.create(
        organisation_id=world.organisation.pk, url="https://example.org/hook", secret="whsec_" + "QUJD" * 8
    )
    told, untold, left = world.items
    chosen = other_answer(decision_of(told))
    review_item(reviewer, told.pk, str(chosen.pk))
    review_item(reviewer, untold.pk, CANNOT_BE_TOLD)
    outbox.drain()
    [first, _second] = WebhookDelivery.objects.filter(endpoint=endpoint).order_by("pk")
    sent = json.loads(first.body)
    said = with_names(chosen.value, names_of(world.project.config))
    assert sent["data"]["decision"] | {"confidence_ppm": 0, "agreement_ppm": 0} == {
        "value": said, "sure": True, "source": "reviewer", "confidence_ppm": 0, "agreement_ppm": 0,
    }  # fmt: skip
    weights = {one.item_id: (one.example.label, one.example.weight) for one in labelled_items(world.project, 100)}
    crowds = decision_of(left).confidence_ppm / 1_000_000
    assert weights == {told.pk: (chosen.value["label"], 1.0), left.pk: (decision_of(left).value["label"], crowds)}


@pytest.mark.django_db(transaction=True)
def test_proofs_of_pay_hold_after_a_review_that_a_late_answer_was_measured_by(reviewer):
    world = opened(sentiment_world(items=1, workers=3, max_answers=2, target_ppm=999_999))
    late = world.workers[2]
    [lent] = draw_work(late, world.batch, 1)
    Lease.objects.update(expires_at=timezone.now())
    expire_leases()
    for worker, label in zip(world.workers[:2], ("good", "bad"), strict=True):
        accept_answers(worker, [answer_to(draw_work(worker, world.batch, 1)[0], {"label": label})])
        outbox.drain()
    before = decision_of(world.items[0])
    chosen = other_answer(before)
    review_item(reviewer, before.item_id, str(chosen.pk))
    accept_answers(late, [answer_to(lent, chosen.value)])
    outbox.drain()
    assert Settlement.objects.get(worker=late).agreed is True
    period = close_period()
    bundles = [build_bundle(worker, period) for worker in world.workers]
    assert [found for bundle in bundles for found in check(bundle) if found.holds is False] == []
    assert [one["decision"]["method"] for one in bundles[2]["decisions"]] == [METHOD]
    # The control: with the votes' weights kept, the votes would have to decide as the reviewer did, and do not.
    Decision.objects.update(detail=before.detail, inputs_hash=before.inputs_hash)
    spoiled = {found.name: found for found in check(build_bundle(late, period))}["decisions"]
    assert "decide otherwise" in spoiled.detail


@pytest.mark.django_db(transaction=True)
def test_proofs_of_pay_hold_when_a_review_comes_between_the_decision_and_the_pay(reviewer):
    world = opened(sentiment_world(items=1, workers=2, max_answers=2, target_ppm=999_999))
    for worker, label in zip(world.workers, ("good", "bad"), strict=True):
        accept_answers(worker, [answer_to(draw_work(worker, world.batch, 1)[0], {"label": label})])
    [item] = world.items
    decide_items([item.pk])
    chosen = other_answer(decision_of(item))
    review_item(reviewer, item.pk, str(chosen.pk))
    outbox.drain()
    assert {s.answer_id: s.agreed for s in Settlement.objects.all()}[chosen.pk] is True
    period = close_period()
    for bundle in (build_bundle(worker, period) for worker in world.workers):
        assert [found for found in check(bundle) if found.holds is False] == []
        assert [one["decision"]["method"] for one in bundle["decisions"]] == [METHOD]
