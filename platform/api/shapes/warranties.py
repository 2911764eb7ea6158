"""A promise on a release: at most so many labels are wrong."""

from datetime import datetime
from typing import Literal, TypedDict

from api.contract.fields import Whole, YesNo
from api.contract.requests import Body


class Promised(Body):
    """At most `error_ppm` of the labels are wrong, `confidence_ppm` sure, if who judges is wrong on at most `reference_error_ppm` of them.
    `draws`: of the sample; `budget`: labels that may be judged, at most."""

    error_ppm = Whole()
    confidence_ppm = Whole(default=950_000)
    reference_error_ppm = Whole(default=0)
    draws = Whole(default=300)
    budget = Whole(default=None)


class Judged(Body):
    item = Whole()
    right = YesNo()


class Warranty(TypedDict):
    """`stands`: labels that need no judgement; `bound_ppm`: of all labels so many are wrong, at most; both null while the sample is being
    judged. `right_ppm`: of all labels as they were frozen so many are right, between `right_low_ppm` and `right_high_ppm` (an interval
    that holds whenever one looks). `next_items`: to be judged next, some of `to_judge`. `needed`: judgements in all; where they are more
    than `budget`, the state is too_dear, and `price_micro` says what those that are left would cost at what the project pays for an
    answer."""

    release: int
    state: Literal["open", "kept", "too_dear"]
    error_ppm: int
    confidence_ppm: int
    reference_error_ppm: int
    draws: int
    draws_used: int
    budget: int
    labels: int
    judged: int
    to_judge: int
    needed: int
    next_items: list[int]
    stands: int | None
    bound_ppm: int | None
    right_ppm: int
    right_low_ppm: int
    right_high_ppm: int
    price_micro: int | None
    currency: str | None
    created_at: datetime


class WarrantyBody(TypedDict):
    v: str
    release_sha256: str
    error_ppm: int
    confidence_ppm: int
    reference_error_ppm: int
    draws: int
    judgements: list[list[int | bool]]


class SignedWarranty(TypedDict):
    """What goes with the release: `python -m labelling.proof.warranty release.jsonl warranty.json` recomputes the promise."""

    body: WarrantyBody
    signature: str
    public_key: str
