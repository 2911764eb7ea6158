"""Add items and gold to a project. Large uploads come through import_upload; this is for a few at a time."""

from __future__ import annotations

from json.encoder import encode_basestring

from django.db import transaction

from delivery.outbox import emit
from labelling import task_types
from labelling.models import Dataset, Gold, Item
from labelling.questions import question_of_item
from labelling.task_types.errors import BadAnswer
from people.models import AuditEntry, Person
from people.refusals import Refusal
from proofs import sha256_hex


def text_hash(text: str) -> str:
    """Content hash of a text item: the same text twice is one item."""
    # The same as canonical_bytes({"text": text}), quicker.
    return sha256_hex(b'{"text":' + encode_basestring(text).encode() + b"}")


@transaction.atomic
def add_text_item(dataset: Dataset, text: str, *, external_id: str = "", metadata: dict | None = None) -> Item:
    text = text.strip()
    if not text:
        raise Refusal("text is empty: send the text to label.", field="text")
    item, created = Item.objects.get_or_create(
        project=dataset.project,
        content_hash=text_hash(text),
        defaults={
            "dataset": dataset,
            "payload": {"text": text},
            "external_id": external_id,
            "metadata": metadata or {},
        },
    )
    if created:
        emit("items.added", {"project": dataset.project_id, "dataset": dataset.pk, "count": 1})
    return item


@transaction.atomic
def add_media_item(dataset: Dataset, media, *, external_id: str = "", metadata: dict | None = None) -> Item:
    """`media` is an intake.Media of the project's organisation and medium."""
    if media.kind != dataset.project.medium:
        raise Refusal(f"file is {media.kind}, but the project takes {dataset.project.medium}.", field="file")
    item, created = Item.objects.get_or_create(
        project=dataset.project,
        content_hash=media.sha256,
        defaults={"dataset": dataset, "media": media, "external_id": external_id, "metadata": metadata or {}},
    )
    if created:
        emit("items.added", {"project": dataset.project_id, "dataset": dataset.pk, "count": 1})
    return item


@transaction.atomic
def set_gold(actor: Person, item: Item, truth: dict, explanation: str = "") -> Gold:
    """The truth of an item becomes known; it is mixed in unseen from now on."""
    try:
        truth = task_types.get(item.project.task_type).parse(truth, question_of_item(item))
    except BadAnswer as bad:
        raise Refusal(f"truth: {bad}", field=bad.field.replace("value", "truth", 1)) from bad
    gold, _ = Gold.objects.update_or_create(
        item=item,
        defaults={"project": item.project, "truth": truth, "explanation": explanation, "retired_at": None},
    )
    AuditEntry.objects.create(actor=actor, action="gold.set", target=f"item:{item.pk}")
    return gold
