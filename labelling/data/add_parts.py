"""Add an item of parts to a project, one at a time; uploads come through import_upload."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from intake.models import Media
from labelling.data.add_items import added_or_joined
from labelling.data.part_rows import content_of
from labelling.models import Dataset, Item, PartMedia


@transaction.atomic
def add_parts_item(
    dataset: Dataset,
    parts: list[dict[str, Any]],
    media: Mapping[str, Media],
    *,
    external_id: str = "",
    metadata: dict | None = None,
) -> Item:
    """parts: completed and checked (part_rows.completed_parts); media: by the id of the part that each is the file of."""
    row = {"external_id": external_id, "metadata": metadata or {}}
    item, created = Item.objects.get_or_create(
        project=dataset.project,
        content_hash=content_of(parts),
        defaults={"dataset": dataset, "payload": {"parts": parts}, **row},
    )
    if created:
        PartMedia.objects.bulk_create(PartMedia(item=item, part=part, media=one) for part, one in media.items())
    return added_or_joined(dataset, item, created, row)
