"""Add items to a project. Large uploads come through import_upload; this is for a few at a time."""

from __future__ import annotations

from json.encoder import encode_basestring

from django.db import transaction

from delivery.outbox import emit
from kernel.errors import DomainError
from kernel.say import Ours
from labelling import task_types
from labelling.models import Dataset, Item, ItemRow, Project
from labelling.task_types.drawing import Span
from proofs import sha256_hex

FILE_NAME_SIGNS = 1_000


def text_hash(text: str) -> str:
    """Content hash of a text item: the same text twice is one item."""
    # The same as canonical_bytes({"text": text}), quicker.
    return sha256_hex(b'{"text":' + encode_basestring(text).encode() + b"}")


def clean_path(name: str) -> str:
    """A path as it was sent, fit to be shown and exported: one line, forward slashes, nothing that leads elsewhere."""
    parts = "".join(sign for sign in name.replace("\\", "/") if sign.isprintable()).split("/")
    return "/".join(part for part in parts if part not in ("", ".", ".."))[-FILE_NAME_SIGNS:]


@transaction.atomic
def add_text_item(dataset: Dataset, text: str, *, external_id: str = "", metadata: dict | None = None) -> Item:
    if not text.strip():
        raise DomainError("text is empty: send the text to label.", field="text")
    text = kept_text(dataset.project, text)
    row = {"external_id": external_id, "metadata": metadata or {}}
    item, created = Item.objects.get_or_create(
        project=dataset.project,
        content_hash=text_hash(text),
        defaults={"dataset": dataset, "payload": {"text": text}, **row},
    )
    return added_or_joined(dataset, item, created, row)


def kept_text(project: Project, text: str) -> str:
    """As an item holds it: marks count from the text as it was sent, so then nothing is taken off it."""
    return text if task_types.get(project.task_type).draws is Span else text.strip()


@transaction.atomic
def add_media_item(
    dataset: Dataset, media, *, external_id: str = "", file_name: str = "", metadata: dict | None = None
) -> Item:
    """`media` is an intake.Media of the project's organisation and medium; `file_name` is this item's own."""
    if media.kind != dataset.project.medium:
        raise DomainError(
            "file is {kind}, but the project takes {medium}.",
            field="file",
            said={"kind": Ours(media.kind), "medium": Ours(dataset.project.medium)},
        )
    row = {"external_id": external_id, "file_name": clean_path(file_name), "metadata": metadata or {}}
    item, created = Item.objects.get_or_create(
        project=dataset.project, content_hash=media.sha256, defaults={"dataset": dataset, "media": media, **row}
    )
    return added_or_joined(dataset, item, created, row)


def kept_row(item: Item, external_id: str, file_name: str = "", metadata: dict | None = None) -> ItemRow:
    """A further row of hers with the item's content, not saved yet."""
    return ItemRow(item=item, external_id=external_id, file_name=file_name, metadata=metadata or {})


def added_or_joined(dataset: Dataset, item: Item, created: bool, row: dict) -> Item:
    """Tell of a new item; of one that was there, keep the further id that it has come under now."""
    if created:
        emit("items.added", {"project": dataset.project_id, "dataset": dataset.pk, "count": 1})
    elif row["external_id"] not in ("", item.external_id):
        ItemRow.objects.bulk_create([kept_row(item, **row)], ignore_conflicts=True)
    return item
