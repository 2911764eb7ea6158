"""Train a project's next model and let it go live if it is better than the one that is."""

import logging
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import Max

from delivery.outbox import emit
from labelling.models import Project
from labelling.task_types.questions import label_ids
from ledger import clock
from ml_assist import registry
from ml_assist.examples import count_labelled, labelled_items, split, truths_of
from ml_assist.learners import CannotLearn, Example, Learner, has_learner, learner_of
from ml_assist.metrics import measure
from ml_assist.models import ModelVersion, TrainingRun

log = logging.getLogger(__name__)

FIRST_AT = 20  # labelled items
AGAIN_AFTER = 10  # more labelled items when those there were made no model
GROWS_BY_AT_MOST = 5000  # the schedule doubles until it would mean to wait for more than this
MIN_HELD_BACK = 5
TAKE_OVER = timedelta(minutes=20)  # longer than Celery lets a task live


def is_due(project: Project) -> bool:
    """Twice as many labelled items as when it was last trained (20 the first time)."""
    if not has_learner(project.medium, project.task_type):
        return False
    last = TrainingRun.objects.filter(project=project).exclude(state=TrainingRun.State.FAILED).order_by("-id").first()
    return count_labelled(project) >= _due_at(last)


def _due_at(last: TrainingRun | None) -> int:
    if last is None:
        return FIRST_AT
    if last.state == TrainingRun.State.REFUSED:
        return last.labelled + AGAIN_AFTER
    return last.labelled + min(max(last.labelled, FIRST_AT), GROWS_BY_AT_MOST)


def train_version(project: Project) -> ModelVersion | None:
    """Train, measure, and choose. None when another process is at it or the examples make no model (the run says why)."""
    run = _begin(project)
    if run is None:
        return None
    try:
        learner, metrics = _fit_and_measure(project)
        version = _keep(project, learner, metrics, run)
    except CannotLearn as cannot:
        _end(run, TrainingRun.State.REFUSED, str(cannot))
        return None
    except Exception as failure:
        _end(run, TrainingRun.State.FAILED, f"{type(failure).__name__}: {failure}"[:2000])
        raise
    log.info("project %s: %s is %s (%s)", project.pk, version, version.state, version.metrics)
    return version


def _begin(project: Project) -> TrainingRun | None:
    """The run, which is also the lock: the database lets one project have one running run."""
    now = clock.now()
    with transaction.atomic():
        TrainingRun.objects.filter(
            project=project, state=TrainingRun.State.RUNNING, started_at__lt=now - TAKE_OVER
        ).update(state=TrainingRun.State.FAILED, reason="It was stopped before it ended.", finished_at=now)
    try:
        with transaction.atomic():
            return TrainingRun.objects.create(project=project, labelled=count_labelled(project), started_at=now)
    except IntegrityError:
        return None


def _end(run: TrainingRun, state: str, reason: str = "", version: ModelVersion | None = None) -> None:
    run.state, run.reason, run.version, run.finished_at = state, reason, version, clock.now()
    run.save(update_fields=["state", "reason", "version", "finished_at"])


def _fit_and_measure(project: Project) -> tuple[Learner, dict]:
    kind = learner_of(project.medium, project.task_type)
    learn, held_back = split(labelled_items(project, kind.most_examples))
    if len(held_back) < MIN_HELD_BACK:
        raise CannotLearn(
            f"only {len(held_back)} labelled items are held back to measure a model: {MIN_HELD_BACK} are needed"
        )
    learner = kind(label_ids(project.config))
    learner.fit(learn)
    metrics = {"n_train": len(learn), **_measured(learner, held_back)}
    live = registry.live_version_of(project)
    if live is not None:
        of_live = _measured(registry.load(live), held_back)
        metrics |= {"live_version": live.number} | {
            f"live_{name}": of_live[name] for name in ("accuracy", "log_loss", "ece")
        }
    return learner, metrics


def _measured(learner: Learner, held_back: list[Example]) -> dict:
    """A label that the learner does not know (the project's labels changed since) counts as probability 0."""
    predictions = learner.predict([example.content for example in held_back])
    return measure(predictions, truths_of(held_back))


def _why_not(metrics: dict) -> str:
    """Empty when the new version may go live. With few items held back, luck must not pass for skill: the low end counts."""
    right, most_frequent = metrics["accuracy"], metrics["majority_accuracy"]
    if metrics["accuracy_low"] <= most_frequent:
        return (
            f"It is right {right:.1%} of the time ({metrics['accuracy_low']:.1%} at the low end of the 95 % interval); "
            f"always saying the most frequent label, {most_frequent:.1%}."
        )
    if "live_version" not in metrics:
        return ""
    of_live = metrics["live_accuracy"]
    if (right, -metrics["log_loss"]) > (of_live, -metrics["live_log_loss"]):
        return ""
    return f"It is right {right:.1%} of the time; version {metrics['live_version']}, {of_live:.1%} on the same items."


@transaction.atomic
def _keep(project: Project, learner: Learner, metrics: dict, run: TrainingRun) -> ModelVersion:
    """Write the version, live or refused, and retire the one it replaces."""
    Project.objects.select_for_update(of=("self",)).get(pk=project.pk)
    why_not = _why_not(metrics)
    number = 1 + (ModelVersion.objects.filter(project=project).aggregate(last=Max("number"))["last"] or 0)
    saved = learner.save()
    stored, sha256 = registry.store(project, number, saved)
    if not why_not:
        ModelVersion.objects.filter(project=project, state=ModelVersion.State.LIVE).update(
            state=ModelVersion.State.RETIRED
        )
    version = ModelVersion.objects.create(
        project=project,
        number=number,
        learner=learner.name,
        state=ModelVersion.State.REFUSED if why_not else ModelVersion.State.LIVE,
        reason=why_not,
        metrics=metrics,
        stored=stored,
        sha256=sha256,
        size_bytes=len(saved),
        trained_at=clock.now(),
    )
    _end(run, TrainingRun.State.DONE, why_not, version)
    if not why_not:
        emit("model.live", {"version": version.pk, "project": project.pk})
    return version
