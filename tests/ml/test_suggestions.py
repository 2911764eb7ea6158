"""Suggestions: on open items, never on what measures the model, a start that a worker may refuse, one more annotator."""

import pytest

from consensus.app.actions.refresh_skills import refresh_skills
from consensus.app.models import Skill
from delivery import outbox
from labelling.models import Answer, BatchItem, Decision, LabelRequest, Suggestion
from labelling.work.accept_answers import accept_answers
from labelling.work.draw_work import draw_work
from ml_assist import tasks
from ml_assist.actions.train_version import train_version
from ml_assist.actions.write_suggestions import order_first_round, write_suggestions
from ml_assist.examples import is_held_back
from ml_assist.ordering import Guess, most_informative_first
from tests.ml import data
from tests.ml.worlds import add_items, crowd_says, learning_world, truth_of
from tests.worlds import answer_to, opened

pytestmark = pytest.mark.django_db

FRESH = data.english(60, seed=9)


@pytest.fixture
def world():
    """A live model and sixty fresh sentences on offer, in the order in which they were uploaded."""
    world = learning_world(data.english(120), workers=4)
    world.version = train_version(world.project)
    world.fresh = add_items(world, FRESH)
    return opened(world)


def allowed(items) -> set[int]:
    return {item.pk for item in items if not is_held_back(item.content_hash)}


def test_every_open_item_but_the_held_back_ones_gets_one_once(world):
    guesses = write_suggestions(world.version)
    assert {guess.item_id for guess in guesses} == allowed(world.fresh)
    rows = Suggestion.objects.all()
    assert {row.item_id for row in rows} == allowed(world.fresh)
    assert {row.model_version_id for row in rows} == {world.version.pk}
    truth = {item.pk: example.label for item, example in zip(world.fresh, FRESH, strict=True)}
    assert sum(row.value["label"] == truth[row.item_id] for row in rows) >= 0.95 * len(rows)
    assert write_suggestions(world.version) == []
    assert Suggestion.objects.count() == len(guesses)


def test_a_retired_model_and_a_project_that_wants_none_get_none(world):
    world.version.state = "retired"
    assert write_suggestions(world.version) == []
    world.version.state = "live"
    world.project.suggestions_enabled = world.version.project.suggestions_enabled = False
    world.project.save()
    assert write_suggestions(world.version) == []
    assert not Suggestion.objects.exists()
    assert [one.suggestion for one in draw_work(world.workers[0], world.batch, 5)] == [None] * 5


def test_items_under_audit_get_none(world):
    [item, *_] = [item for item in world.fresh if item.pk in allowed(world.fresh)]
    LabelRequest.objects.create(
        id="0190a1b2-0000-7000-8000-000000000001", project=world.project, item=item, source="model", audit=True
    )
    write_suggestions(world.version)
    assert not Suggestion.objects.filter(item=item).exists()
    assert Suggestion.objects.count() == len(allowed(world.fresh)) - 1


def test_the_worker_sees_it_and_may_refuse_it(world):
    write_suggestions(world.version)
    worker = world.workers[0]
    lent = [one for one in draw_work(worker, world.batch, 30) if one.suggestion]
    assert {one.suggestion["model_version"] for one in lent} == {world.version.pk}
    other = {"good": "bad", "bad": "good"}
    first, second = lent[:2]
    sent = [
        answer_to(first, first.suggestion["value"], suggestion_shown=True),
        answer_to(second, {"label": other[second.suggestion["value"]["label"]]}, suggestion_shown=True),
    ]
    assert [result.status for result in accept_answers(worker, sent)] == ["accepted", "accepted"]
    taken, refused = (Answer.objects.get(pk=one["id"]) for one in sent)
    assert taken.suggestion_shown
    assert refused.suggestion_shown
    assert taken.lease.suggestion.value == taken.value
    assert refused.lease.suggestion.value != refused.value


def test_the_model_is_an_annotator_with_a_learned_skill(world):
    write_suggestions(world.version)
    crowd_says(world, truth_of(FRESH))
    assert refresh_skills(world.project.pk) > 0
    skill = Skill.objects.get(project=world.project, annotator=world.version.annotator)
    assert skill.answers == len(allowed(world.fresh))
    assert skill.worker is None


def test_decisions_on_held_back_items_are_the_crowds_own(world):
    """Whatever the model thinks, an item that measures it is decided by answers alone."""
    write_suggestions(world.version)
    crowd_says(world, truth_of(FRESH))
    refresh_skills(world.project.pk)
    held_back = [item.pk for item in world.fresh if is_held_back(item.content_hash)]
    decisions = Decision.objects.filter(item__in=held_back)
    assert len(held_back) > 0
    assert decisions.count() == len(held_back)
    assert all(len(d.detail["inputs"]["votes"]) == d.answers_used for d in decisions)


def test_the_least_sure_of_every_label_in_turn():
    guesses = [
        Guess(1, "good", 0.99),
        Guess(2, "good", 0.51),
        Guess(3, "good", 0.52),
        Guess(4, "bad", 0.6),
        Guess(5, "bad", 0.9),
    ]
    assert most_informative_first(guesses) == [2, 4, 3, 5, 1]


def test_the_first_round_is_queued_anew_and_nothing_in_hand_moves(world):
    in_hand = [one.item_id for one in draw_work(world.workers[0], world.batch, 10)]
    before = dict(BatchItem.objects.values_list("item_id", "ticket"))
    guesses = write_suggestions(world.version)
    moved = order_first_round(world.version, guesses)
    after = dict(BatchItem.objects.values_list("item_id", "ticket"))
    free = allowed(world.fresh) - set(in_hand)
    assert moved == len(free)
    assert {item for item in after if after[item] != before[item]} == free
    expected = [item for item in most_informative_first(guesses) if item in free]
    assert sorted(free, key=after.__getitem__) == expected
    assert min(after[item] for item in free) > max(before.values())  # so that nobody's cursor has passed them
    # Everybody can still reach everything: the same worker draws all that she has not had, none twice.
    rest = [one.item_id for _ in range(2) for one in draw_work(world.workers[0], world.batch, 50)]
    assert sorted(rest) == sorted({item.pk for item in world.fresh} - set(in_hand))


def test_a_model_that_is_mostly_wrong_orders_nothing(world):
    guesses = write_suggestions(world.version)
    before = dict(BatchItem.objects.values_list("item_id", "ticket"))
    world.version.metrics["accuracy"] = 0.49
    assert order_first_round(world.version, guesses) == 0
    assert dict(BatchItem.objects.values_list("item_id", "ticket")) == before


def test_the_task_trains_suggests_and_orders():
    world = learning_world(data.english(120))
    world.fresh = add_items(world, FRESH)
    opened(world)
    before = dict(BatchItem.objects.values_list("item_id", "ticket"))
    tasks.train(world.project.pk)
    [version] = world.project.model_versions.all()
    assert version.state == "live"
    assert set(Suggestion.objects.values_list("item_id", flat=True)) == allowed(world.project.items.all())
    after = dict(BatchItem.objects.values_list("item_id", "ticket"))
    assert {item for item in after if after[item] != before[item]} == allowed(world.fresh)


def test_the_tasks_can_be_repeated(world):
    for _ in range(2):
        tasks.train(world.project.pk)  # not due: nothing happens
        tasks.suggest(world.project.pk)
    assert world.project.training_runs.count() == 1
    assert Suggestion.objects.count() == len(allowed(world.project.items.all()))


def test_events_send_the_tasks_after_the_commit(world, django_capture_on_commit_callbacks, monkeypatch):
    sent = []
    monkeypatch.setattr("ml_assist.tasks.suggest.apply_async", lambda args, **_: sent.append(("suggest", *args)))
    monkeypatch.setattr("ml_assist.tasks.train.apply_async", lambda args, **_: sent.append(("train", *args)))
    with django_capture_on_commit_callbacks(execute=True):
        outbox.drain()
    assert sent == [("suggest", world.project.pk)]
    with django_capture_on_commit_callbacks(execute=True):
        crowd_says(world, truth_of(FRESH))
    assert set(sent) == {("suggest", world.project.pk), ("train", world.project.pk)}
    assert len(sent) == 2  # however many items were decided in however many drains


def test_the_sweep_trains_what_is_due_and_suggests_elsewhere(world, monkeypatch):
    due = learning_world(data.english(30))
    captions = learning_world([], task_type="text", config={"language": "en", "kind": "caption"})
    sent = []
    monkeypatch.setattr("ml_assist.tasks.suggest.delay", lambda pk: sent.append(("suggest", pk)))
    monkeypatch.setattr("ml_assist.tasks.train.delay", lambda pk: sent.append(("train", pk)))
    tasks.retrain_due()
    assert sent == [("suggest", world.project.pk), ("train", due.project.pk)]
    assert captions.project.pk not in {pk for _, pk in sent}


@pytest.mark.parametrize("more", [0, 240])
def test_a_chunk_of_any_size_is_three_statements(more, django_assert_num_queries):
    world = learning_world(data.english(120))
    version = train_version(world.project)
    add_items(world, data.english(60 + more, seed=9))
    opened(world)
    with django_assert_num_queries(3):  # the chunk, its suggestions, and the look for another chunk
        guesses = write_suggestions(version)
    with django_assert_num_queries(1):
        order_first_round(version, guesses)
