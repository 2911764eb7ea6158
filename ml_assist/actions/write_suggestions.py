"""Pre-label the open items of a project, and put the first round in the order in which answers teach most."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.db.models import Q

from labelling.batches import queue
from labelling.models import Batch, BatchItem, Item, LabelRequest, Suggestion
from ml_assist import registry
from ml_assist.examples import content_of, has_content, is_held_back
from ml_assist.learners import Prediction
from ml_assist.models import ModelVersion
from ml_assist.ordering import Guess, most_informative_first

CHUNK = 500
RIGHT_ENOUGH_TO_ORDER = 0.5


def suggestion_of(item_id: int, version: ModelVersion, prediction: Prediction) -> Suggestion:
    return Suggestion(
        item_id=item_id,
        model_version_id=version.pk,
        value={"label": prediction.label},
        confidence_ppm=prediction.confidence_ppm,
    )


def write_suggestions(version: ModelVersion) -> list[Guess]:
    """A suggestion on every open item that may have one and has none of this version yet. Safe to repeat.

    Held-back items get none, nor do label API audits: what measures a model must not have seen it.
    """
    if version.state != ModelVersion.State.LIVE or not version.project.suggestions_enabled:
        return []
    learner = registry.load(version)
    guesses = []
    for items in _chunks(version):
        predictions = learner.predict([content_of(item) for item in items])
        found = list(zip(items, predictions, strict=True))
        rows = [suggestion_of(item.pk, version, prediction) for item, prediction in found]
        Suggestion.objects.bulk_create(rows, ignore_conflicts=True)
        guesses += [Guess(item.pk, prediction.label, prediction.confidence) for item, prediction in found]
    return guesses


def order_first_round(version: ModelVersion, guesses: Sequence[Guess]) -> int:
    """Queue the items nobody has had yet anew, most informative first; returns how many moved.

    A model that is wrong more often than right does not know what it does not know: it orders nothing.
    """
    if version.metrics["accuracy"] < RIGHT_ENOUGH_TO_ORDER:
        return 0
    ordered, moved = most_informative_first(guesses), 0
    for start in range(0, len(ordered), CHUNK):
        moved += queue.reorder(ordered[start : start + CHUNK])
    return moved


def may_have_suggestion(item: Item) -> bool:
    return has_content(item) and not is_held_back(item.content_hash)


def _chunks(version: ModelVersion) -> Iterator[list[Item]]:
    """Open items without a suggestion of this version, CHUNK rows at a time, by id."""
    open_items = BatchItem.objects.filter(
        batch__project=version.project_id, batch__state=Batch.State.OPEN, state=BatchItem.State.OPEN
    ).values("item_id")
    audits = LabelRequest.objects.filter(Q(audit=True) | Q(guess_ppm__isnull=False), project=version.project_id).values(
        "item_id"
    )
    suggested = Suggestion.objects.filter(model_version_id=version.pk).values("item_id")
    wanted = (
        Item.objects.filter(id__in=open_items)
        .exclude(id__in=audits)
        .exclude(id__in=suggested)
        .select_related("media")
        .order_by("id")
    )
    last = 0
    while rows := list(wanted.filter(id__gt=last)[:CHUNK]):
        last = rows[-1].pk
        if allowed := [item for item in rows if may_have_suggestion(item)]:
            yield allowed
