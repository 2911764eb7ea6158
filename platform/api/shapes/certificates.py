"""A worker's certificate of skill, and the key that checks it."""

from datetime import date
from typing import Annotated, Literal, TypedDict

from drf_spectacular.types import OpenApiTypes

from api.contract.fields import OneOf
from api.contract.requests import Query
from api.shapes.common import Medium, TaskType
from api.shapes.work import Belt


class CertificateAsked(Query):
    """`name`: whether hers stands on it; else her pseudonym does."""

    name = OneOf(choices=["yes", "no"], default="no")


# `as` is a word of Python's own.
CertificateFileAsked = type(
    "CertificateFileAsked", (CertificateAsked,), {"as": OneOf(choices=["png", "pdf"], default="png")}
)
CERTIFICATE_FILES = {(200, kind): OpenApiTypes.BINARY for kind in ("image/png", "application/pdf")}


class CertifiedKind(TypedDict):
    """The counts of a belt: docs/decisions/belts.md."""

    task_type: TaskType
    medium: Medium
    belt: Belt
    known: int
    right: int
    decided: int
    agreed: int
    sure_bps: int


class CertifiedExam(TypedDict):
    title: str
    by: str
    task_type: TaskType
    medium: Medium
    right: int
    counted: int
    passed_on: date


class CertificateBody(TypedDict):
    v: Literal["certificate-1"]
    operator: str
    holder: Annotated[str, "Her name or her pseudonym, as she chose."]
    made_on: date
    formula: Annotated[str, "The version of the formula of belts."]
    kinds: list[CertifiedKind]
    exams: list[CertifiedExam]
    key_id: str


class Certificate(TypedDict):
    """What is signed are the canonical bytes of `body`; `link` opens the page that checks it, and holds all of it."""

    body: CertificateBody
    signature: str
    link: str


class SigningKey(TypedDict):
    """The operator's Ed25519 key, by which receipts, bundles and certificates are checked."""

    operator: str
    key_id: str
    public_key: str
