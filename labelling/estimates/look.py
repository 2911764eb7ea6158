"""What an estimate has come to by the items that are decided, and its end when it is exact enough."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from django.db import transaction

from consensus.core.guarantees.estimate import Estimate as Interval
from consensus.core.guarantees.estimate import estimate, spread_weights
from consensus.core.guarantees.warranty import draws
from labelling.batches.close_batch import close_batches
from labelling.estimates.measures import MILLION, Measure, seen_of, votes_of
from labelling.models import Batch, Decision, Estimate, Item
from ledger import clock
from people.audit import record

SCALE = 10**6  # of chances, which are whole numbers so that anybody draws the same


def weights_of(predicted_ppm: list[int]) -> np.ndarray:
    """(N,) whole numbers: in proportion to these an item is drawn, more where the prediction says little."""
    shares = spread_weights(np.array(predicted_ppm) / MILLION) * len(predicted_ppm)
    return np.maximum(np.rint(SCALE * shares), 1).astype(np.int64)


def places_of(asked: Estimate) -> list[int]:
    """The draws, in their order: places in `items`, some of them more than once."""
    return draws(asked.seed, weights_of([share for _, share in asked.items]), asked.draws)


def look_at(asked: Estimate) -> Interval:
    """By the draws whose items are decided without a gap before them, so that nobody chooses what counts."""
    if asked.result is not None:
        return Interval(*asked.result)
    drawn = places_of(asked)
    seen = _seen(asked, [asked.items[place][0] for place in dict.fromkeys(drawn)])
    values = []
    for place in drawn:
        if (value := seen.get(asked.items[place][0])) is None:
            break
        values.append(value)
    shares = np.array([share for _, share in asked.items]) / MILLION
    weights = weights_of([share for _, share in asked.items]).astype(float)
    first = np.array(drawn[: len(values)], dtype=int)
    range_ = (asked.low, asked.high)
    predicted = asked.low + shares * (asked.high - asked.low)
    return estimate(
        predicted, weights / weights.sum(), first, np.array(values), 1 - asked.confidence_ppm / MILLION, range_
    )


def _seen(asked: Estimate, item_ids: list[int]) -> dict[int, float]:
    """What the number is of each decided item."""
    project = asked.project
    measure = Measure(asked.of, asked.what, asked.low, asked.high)
    decided = dict(Decision.objects.filter(item__in=item_ids, final=True).values_list("item_id", "value"))
    said = votes_of(project, asked.what) if asked.of == Estimate.Of.ACCURACY else {}
    found = {}
    for item in Item.objects.filter(pk__in=decided).select_related("media"):
        item.project = project
        found[item.pk] = seen_of(project, measure, item, decided[item.pk], said)
    return found


def half_width_ppm(asked: Estimate, found: Interval) -> int:
    """Of the range."""
    return round(MILLION * found.half_width / (asked.high - asked.low))


def stop_where_exact(projects: Iterable[int]) -> int:
    """Of these projects: what is exact enough, or has nothing more to come, ends, and its batch closes. Safe to repeat."""
    open_ones = Estimate.objects.filter(project__in=set(projects), state=Estimate.State.OPEN).select_related(
        "project", "batch"
    )
    return sum(_stop(asked) for asked in open_ones.order_by("id"))


def _stop(asked: Estimate) -> bool:
    found = look_at(asked)
    reached = half_width_ppm(asked, found) <= asked.half_width_ppm
    over = found.n == asked.draws or (asked.batch is not None and asked.batch.state == Batch.State.CLOSED)
    if not (reached or over):
        return False
    with transaction.atomic():
        locked = Estimate.objects.select_for_update(of=("self",)).get(pk=asked.pk)
        if locked.state != Estimate.State.OPEN:
            return False
        locked.state = Estimate.State.REACHED if reached else Estimate.State.ENDED
        locked.result, locked.ended_at = [found.value, found.low, found.high, found.n], clock.now()
        locked.save(update_fields=["state", "result", "ended_at"])
        record(None, "estimate.end", locked, state=locked.state, draws=found.n)
        if locked.batch_id:
            close_batches(None, [locked.batch_id])
    return True
