"""Uploads and releases."""

from datetime import datetime
from typing import Annotated, Literal, NotRequired, TypedDict
from uuid import UUID

from drf_spectacular.types import OpenApiTypes

from api.contract.fields import Checked, Uuid
from api.contract.requests import Body, Query
from labelling.formats import EXPORTS
from labelling.models import Upload as UploadRow

Files = Annotated[list[Annotated[bytes, "A file."]], "The files of the form."]


# `as` is a word of Python's own.
DownloadAsked = type("DownloadAsked", (Query,), {"as": Checked(Literal[tuple(EXPORTS)], default="jsonl")})

DOWNLOADED = {(200, one.content_type.partition(";")[0]): OpenApiTypes.BINARY for one in EXPORTS.values()}


class AddressesSent(Body):
    urls = Checked(list[str], default=list)
    files = Checked(list[str])


class FilesSent(Body):
    """`paths`: where each file lay, one for each, for a file's own name has no folders."""

    files = Checked(Files, required=True)
    paths = Checked(list[str])


class UploadBegun(Body):
    """`id` is made by the sender, so that beginning again is the same."""

    id = Uuid()


class ColumnsSaid(Body):
    """How a table is to be read: what each column means, by its name; those that are not named are metadata."""

    columns = Checked(dict[str, str])
    header = Checked(bool)
    encoding = Checked(str)
    shape = Checked(Literal["lines", "whole"])


class UploadFinished(ColumnsSaid):
    """`ask`: show how it would be read before anything is imported, however clear it is."""

    ask = Checked(bool)


class ReleaseMade(Body):
    """What it shall hold; without any of these: all that is decided."""

    gold = Checked(bool)
    undecided = Checked(bool)
    labels = Checked(list[str])
    confidence_from_ppm = Checked(int)
    datasets = Checked(list[int])
    batches = Checked(list[int])


class AskedColumn(TypedDict):
    """`role`: what it seems to mean; `values`: its first ones."""

    name: str
    role: str
    values: list[str]


class Asked(TypedDict):
    """What its columns seem to mean; nothing is imported before it is said."""

    columns: list[AskedColumn]
    header: bool | None
    encoding: str
    shape: str
    roles: NotRequired[
        Annotated[list[str], "What the labels of a file that Ilima wrote may become: nothing else is asked."]
    ]
    missing: NotRequired[list[str]]


class Upload(TypedDict):
    id: int
    dataset: int
    kind: Literal[tuple(UploadRow.Kind.values)]  # type: ignore[valid-type]
    file_name: str
    state: Literal[tuple(UploadRow.State.values)]  # type: ignore[valid-type]
    error: str
    rows_total: int | None
    rows_done: int
    pages_total: Annotated[int | None, "Of the document that is taken in just now."]
    pages_done: int | None
    rows_added: int
    rows_known: Annotated[int, "The same content was there already."]
    rows_refused: int
    rows_remarked: int
    asks: Asked | None


class Uploads(TypedDict):
    uploads: list[Upload]


class UploadSession(TypedDict):
    id: UUID
    dataset: int
    files: int
    size_bytes: int
    finished: bool
    uploads: list[int]


class UploadSessionAdded(UploadSession):
    added: Annotated[int, "How many of the files are new."]


class UploadPart(TypedDict):
    path: str
    size_bytes: int
    sha256: str


class RefusedRow(TypedDict):
    row: int
    name: str
    field: str
    reason: str


class RowRemark(TypedDict):
    row: int
    name: str
    field: str
    remark: str


class ReleaseChoice(TypedDict):
    gold: NotRequired[bool]
    undecided: NotRequired[bool]
    labels: NotRequired[list[str]]
    confidence_from_ppm: NotRequired[int]
    datasets: NotRequired[list[int]]
    batches: NotRequired[list[int]]


class Release(TypedDict):
    id: int
    project: int
    number: int
    state: Literal["building", "ready", "failed"]
    sha256: str
    items: int
    size_bytes: int
    wanted: ReleaseChoice
    created_at: datetime
