"""A number about a project's items. docs/decisions/estimates.md"""

from datetime import datetime
from typing import Literal, TypedDict

from api.contract.fields import OneOf, Text, Whole
from api.contract.requests import Body
from labelling.estimates.ask_estimate import BOUNDS

OF = ("share", "accuracy", "win_rate", "mean")


class EstimateAsked(Body):
    """`of`: the share of items with the label `what`; the accuracy of the model `what` ("model:<version>" or "judge:<version>"); how often
    the part `what` is chosen; the mean of a rating. It stops by itself when half of its interval is at most `half_width_ppm` of the range,
    so sure as `confidence_ppm` says; at most so many `draws`. What people are paid is as for a batch."""

    of = OneOf(choices=OF)
    what = Text(most=60, default="")
    half_width_ppm = Whole(*BOUNDS["half_width_ppm"], default=50_000)
    confidence_ppm = Whole(*BOUNDS["confidence_ppm"], default=950_000)
    draws = Whole(*BOUNDS["draws"], default=1_000)
    base_micro = Whole()
    bonus_micro = Whole(default=0)


class Estimate(TypedDict):
    """`value` between `value_low` and `value_high`, whenever one looks; `draws_seen` of the draws are decided. In a list these are null
    while it is open."""

    id: int
    project: int
    of: Literal[OF]  # type: ignore[valid-type]
    what: str
    state: Literal["open", "reached", "ended"]
    value: float | None
    value_low: float | None
    value_high: float | None
    range_low: float
    range_high: float
    half_width_ppm: int
    half_width_now_ppm: int | None
    confidence_ppm: int
    draws: int
    draws_seen: int | None
    items: int
    batch: int | None
    created_at: datetime
    ended_at: datetime | None
