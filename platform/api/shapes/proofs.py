"""A worker's proof."""

from datetime import date
from typing import Annotated, Any, Literal, TypedDict

from api.contract.fields import Checked
from api.contract.requests import Query


class PeriodAsked(Query):
    period = Checked(Annotated[str, "A period's number, or a day, for example 2030-01-31."], required=True)


class Period(TypedDict):
    period: str
    day: date
    state: str


class PayRuleOfBundle(TypedDict):
    version: int
    text: str
    hash: str


class Bundle(TypedDict):
    """docs/proof_bundle.md tells each document in it byte by byte; two verifiers in two languages read it."""

    v: Literal["bundle-1"]
    public_key: str
    rule: PayRuleOfBundle
    worker: str
    period: int
    headers: list[dict[str, Any]]
    anchors: list[dict[str, Any]]
    statements: list[dict[str, Any]]
    answers: list[dict[str, Any]]
    offers: list[dict[str, Any]]
    decisions: list[dict[str, Any]]
    golds: list[dict[str, Any]]
    signature: str
