"""Versions: trained when it pays off, one at a time, live only when better, measured on what no version trained on."""

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from consensus.core.answers.shares import wilson_interval
from delivery import outbox
from delivery.models import OutboxEvent
from labelling.data.add_items import text_hash
from labelling.models import Decision, Item
from ml_assist import examples, registry
from ml_assist.actions.train_version import TAKE_OVER, _due_at, _why_not, is_due, train_version
from ml_assist.examples import count_labelled
from ml_assist.learners import learner_of
from ml_assist.models import ModelVersion, TrainingRun
from tests.ml import data
from tests.ml.worlds import add_gold, add_items, crowd_says, learning_world, truth_of
from tests.worlds import opened

pytestmark = pytest.mark.django_db


def test_the_first_good_model_goes_live_with_its_metrics_and_hash():
    world = learning_world(data.english(120))
    version = train_version(world.project)
    assert (version.number, version.state, version.reason) == (1, "live", "")
    held_back = sum(examples.is_held_back(h) for h in Item.objects.values_list("content_hash", flat=True))
    assert version.metrics["n_held_back"] == held_back >= 10
    assert version.metrics["n_train"] == 120 - held_back
    assert version.metrics["accuracy"] >= 0.95 > version.metrics["majority_accuracy"]
    assert 0 <= version.metrics["ece"] <= 0.2
    assert version.size_bytes == default_storage.size(version.stored)
    run = TrainingRun.objects.get()
    assert (run.state, run.version, run.labelled, run.finished_at is not None) == ("done", version, 120, True)
    assert OutboxEvent.objects.get(name="model.live").payload == {"version": version.pk, "project": world.project.pk}


def test_what_is_held_back_is_never_trained_on(monkeypatch):
    world = learning_world(data.english(120))
    seen = []
    learner = learner_of("text", "choice")
    fit = learner.fit
    monkeypatch.setattr(learner, "fit", lambda self, e: (seen.extend(e), fit(self, e))[1])
    train_version(world.project)
    trained_on = {example.content.text for example in seen}
    held_back = {i.payload["text"] for i in Item.objects.all() if examples.is_held_back(i.content_hash)}
    assert held_back
    assert trained_on.isdisjoint(held_back)
    assert len(trained_on | held_back) == 120


def test_a_model_no_better_than_the_most_frequent_label_does_not_go_live():
    world = learning_world(data.noise(120))
    version = train_version(world.project)
    assert version.state == "refused"
    assert "always saying the most frequent label" in version.reason
    assert registry.live_version_of(world.project) is None


def test_a_worse_version_does_not_go_live_and_the_old_one_stays(monkeypatch):
    world = learning_world(data.english(120))
    first = train_version(world.project)
    turned = {"good": "bad", "bad": "good"}
    monkeypatch.setattr(
        "ml_assist.actions.train_version.split",
        lambda labelled: (
            [type(e)(e.content, turned[e.label]) if i % 3 else e for i, e in enumerate(examples.split(labelled)[0])],
            examples.split(labelled)[1],
        ),
    )
    second = train_version(world.project)
    assert second.state == "refused"
    assert second.metrics["live_version"] == 1
    assert second.metrics["live_accuracy"] == first.metrics["accuracy"]
    first.refresh_from_db()
    assert (first.state, registry.live_version_of(world.project)) == ("live", first)
    assert OutboxEvent.objects.filter(name="model.live").count() == 1


def test_a_better_version_goes_live_and_the_old_one_is_kept(monkeypatch):
    world = learning_world(data.english(100))
    monkeypatch.setattr(
        "ml_assist.actions.train_version.split",
        lambda labelled: (examples.split(labelled)[0][:24], examples.split(labelled)[1]),
    )
    first = train_version(world.project)
    monkeypatch.undo()
    second = train_version(world.project)
    assert first.metrics["accuracy"] < 1.0 or first.metrics["log_loss"] > second.metrics["log_loss"]
    first.refresh_from_db()
    assert (first.state, second.state, second.number) == ("retired", "live", 2)
    assert registry.load(first).predict([]) == []


def test_the_schedule_doubles():
    sentences = data.english(90)
    world = learning_world(sentences[:19])
    assert not is_due(world.project)
    add_gold(world, sentences[19])
    assert is_due(world.project)
    run = TrainingRun.objects.create(project=world.project, labelled=20, state="done", started_at=timezone.now())
    for labelled, due in ((39, False), (40, True)):
        while count_labelled(world.project) < labelled:
            add_gold(world, sentences[count_labelled(world.project)])
        assert is_due(world.project) is due
    run.labelled = 100_000
    run.save()
    assert not is_due(world.project)
    assert _due_at(run) == 105_000  # not 200,000


def test_what_makes_no_model_is_tried_again_soon():
    world = learning_world([e for e in data.english(60) if not examples.is_held_back(text_hash(e.content.text))][:20])
    assert train_version(world.project) is None
    run = TrainingRun.objects.get()
    assert (run.state, run.reason[:35]) == ("refused", "only 0 labelled items are held back")
    assert not is_due(world.project)
    assert _due_at(run) == 30


def test_luck_on_a_few_items_is_not_enough():
    metrics = {"accuracy": 0.8, "accuracy_low": wilson_interval(4, 5)[0], "majority_accuracy": 0.6}
    assert "37.6% at the low end" in _why_not(metrics)
    assert _why_not({**metrics, "accuracy_low": wilson_interval(80, 100)[0]}) == ""


def test_the_crowds_decisions_teach_with_their_confidence():
    world = learning_world([])
    sentences = data.english(40)
    add_items(world, sentences)
    opened(world)
    crowd_says(world, truth_of(sentences))
    assert Decision.objects.filter(final=True).count() == 40
    labelled = examples.labelled_items(world.project, 1000)
    assert {(e.example.content.text, e.example.label) for e in labelled} == set(truth_of(sentences).items())
    confidence = dict(Decision.objects.values_list("item_id", "confidence_ppm"))
    assert [e.example.weight for e in labelled] == [confidence[e.item_id] / 1e6 for e in labelled]
    assert is_due(world.project)


def test_one_training_at_a_time_and_a_killed_one_is_taken_over():
    world = learning_world(data.english(120))
    running = TrainingRun.objects.create(project=world.project, labelled=0, started_at=timezone.now())
    assert train_version(world.project) is None
    assert not ModelVersion.objects.exists()
    TrainingRun.objects.filter(pk=running.pk).update(started_at=timezone.now() - TAKE_OVER * 2)
    assert train_version(world.project).state == "live"
    running.refresh_from_db()
    assert (running.state, running.reason) == ("failed", "It was stopped before it ended.")


def test_a_training_that_breaks_says_so_and_frees_the_project(monkeypatch):
    world = learning_world(data.english(120))
    monkeypatch.setattr("ml_assist.registry.store", lambda *_: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        train_version(world.project)
    monkeypatch.undo()
    run = TrainingRun.objects.get()
    assert (run.state, run.reason) == ("failed", "OSError: disk full")
    assert not ModelVersion.objects.exists()
    assert is_due(world.project)
    assert train_version(world.project).state == "live"


def test_a_model_changed_in_storage_is_not_loaded():
    world = learning_world(data.english(120))
    version = train_version(world.project)
    with default_storage.open(version.stored, "r+b") as file:
        file.seek(-1, 2)
        file.write(b"x")
    registry._load.cache_clear()
    with pytest.raises(registry.DamagedModel, match="train it again"):
        registry.load(version)


def test_a_project_without_a_learner_is_never_due():
    world = learning_world([], task_type="text", config={"language": "en", "kind": "caption"})
    assert not is_due(world.project)
    assert train_version(world.project) is None
    assert TrainingRun.objects.get().reason == "there is no learner for text on text"


def test_labels_taken_out_of_the_project_are_not_learned():
    world = learning_world(data.english(30))
    world.project.config = {
        "labels": [{"id": "good", "name": {"en": "Good"}}, {"id": "mixed", "name": {"en": "Mixed"}}]
    }
    assert {entry.example.label for entry in examples.labelled_items(world.project, 1000)} == {"good"}
    outbox.drain()
