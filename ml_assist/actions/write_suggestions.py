"""Pre-label the open items of a project, and put the first round in the order in which answers teach most."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db import connection, transaction

from labelling.models import Batch, BatchItem, Item, LabelRequest, Suggestion
from ml_assist import registry
from ml_assist.examples import content_of, has_content, is_held_back
from ml_assist.learners import Prediction
from ml_assist.models import ModelVersion

CHUNK = 500

# New tickets, so that no worker's cursor has passed them. Rows that somebody is drawing just now keep their place.
_QUEUE = """
WITH wanted AS (
    SELECT o.item_id, o.place FROM unnest(%(items)s::bigint[]) WITH ORDINALITY AS o(item_id, place)
), free AS MATERIALIZED (
    SELECT bi.id, wanted.place FROM labelling_batchitem bi JOIN wanted USING (item_id)
      JOIN labelling_batch batch ON batch.id = bi.batch_id AND batch.state = 'open'
     WHERE bi.state = 'open' AND bi.need = 0 AND bi.taken = 0
     ORDER BY bi.id FOR UPDATE OF bi SKIP LOCKED
), numbered AS MATERIALIZED (
    SELECT id, nextval('labelling_ticket_seq') AS ticket FROM (SELECT id FROM free ORDER BY place) AS ordered
)
UPDATE labelling_batchitem bi SET ticket = numbered.ticket FROM numbered WHERE bi.id = numbered.id
"""


@dataclass(frozen=True)
class Guess:
    item_id: int
    label: str
    confidence: float


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


def order_first_round(guesses: Sequence[Guess]) -> int:
    """Queue the items nobody has had yet anew, most informative first; returns how many moved."""
    ordered, moved = most_informative_first(guesses), 0
    for start in range(0, len(ordered), CHUNK):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_QUEUE, {"items": ordered[start : start + CHUNK]})
            moved += cursor.rowcount
    return moved


def most_informative_first(guesses: Sequence[Guess]) -> list[int]:
    """Item ids by uncertainty x diversity: the least sure of every guessed label in turn, not one label's doubts in a row."""
    by_label: dict[str, list[Guess]] = defaultdict(list)
    for guess in guesses:
        by_label[guess.label].append(guess)
    ranked = []
    for group in by_label.values():
        group.sort(key=lambda guess: (guess.confidence, guess.item_id))
        ranked += [(rank, guess.confidence, guess.item_id) for rank, guess in enumerate(group)]
    return [item_id for _, _, item_id in sorted(ranked)]


def may_have_suggestion(item: Item) -> bool:
    return has_content(item) and not is_held_back(item.content_hash)


def _chunks(version: ModelVersion) -> Iterator[list[Item]]:
    """Open items without a suggestion of this version, CHUNK rows at a time, by id."""
    open_items = BatchItem.objects.filter(
        batch__project=version.project_id, batch__state=Batch.State.OPEN, state=BatchItem.State.OPEN
    ).values("item_id")
    audits = LabelRequest.objects.filter(project=version.project_id, audit=True).values("item_id")
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
