"""What a project's model learns from, and what is held back to measure it.

Held back: every item, gold or not, whose content hash falls in a fixed fifth. It is a property of the content, so no
version ever trains on what another is measured on; and such items get no suggestion, so their decisions are the crowd's own.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.core.files.storage import default_storage

from labelling.models import Decision, Gold, Item, Project
from labelling.task_types.questions import label_ids
from ml_assist.learners import Content, Example

HELD_BACK_BPS = 2000
PICTURE_VARIANT = "320"


@dataclass(frozen=True)
class Labelled:
    item_id: int
    example: Example
    held_back: bool


def is_held_back(content_hash: str) -> bool:
    digest = hashlib.sha256(f"held back:{content_hash}".encode()).digest()
    return int.from_bytes(digest[:8], "big") % 10_000 < HELD_BACK_BPS


def content_of(item: Item) -> Content:
    """What a learner sees: the text, or the small variant of the picture (of our own making, so safe to decode)."""
    if item.media is None:
        return Content(text=item.payload.get("text", ""))
    with default_storage.open(item.media.variants[PICTURE_VARIANT]["name"], "rb") as file:
        return Content(image=file.read())


def has_content(item: Item) -> bool:
    return "text" in item.payload if item.media is None else PICTURE_VARIANT in item.media.variants


def count_labelled(project: Project) -> int:
    return (
        Decision.objects.filter(project=project, final=True).count()
        + Gold.objects.filter(project=project, retired_at=None).count()
    )


def labelled_items(project: Project, most: int) -> list[Labelled]:
    """Every gold item (weight 1), then the latest finally decided ones (weighted by their confidence; 1 when a reviewer chose),
    `most` in all.

    Gold wins over a decision. A label that the project no longer asks for is left out, and what a reviewer could not tell.
    """
    truths = _truths(project, most)
    asked = set(label_ids(project.config))
    items = Item.objects.filter(id__in=truths).select_related("media").order_by("id")
    usable = (item for item in items if has_content(item) and truths[item.pk][0] in asked)
    return [
        Labelled(item.pk, Example(content_of(item), *truths[item.pk]), is_held_back(item.content_hash))
        for item in usable
    ]


def _truths(project: Project, most: int) -> dict[int, tuple[str, float]]:
    """{item: (label, weight)}."""
    golds = Gold.objects.filter(project=project, retired_at=None).order_by("-id")[:most]
    truths = {item: (truth["label"], 1.0) for item, truth in golds.values_list("item_id", "truth")}
    reviewer = Decision.Source.REVIEWER
    decided = (
        Decision.objects.filter(project=project, final=True, confidence_ppm__gt=0)
        .exclude(source=Decision.Source.MODEL)
        .exclude(source=reviewer, sure=False)
    )
    columns = ("item_id", "value", "confidence_ppm", "source")
    for item, value, confidence_ppm, source in decided.order_by("-id").values_list(*columns)[:most]:
        if len(truths) < most:
            truths.setdefault(item, (value["label"], 1.0 if source == reviewer else confidence_ppm / 1_000_000))
    return truths


def split(labelled: Iterable[Labelled]) -> tuple[list[Example], list[Example]]:
    """(to learn from, held back)."""
    learn: list[Example] = []
    held_back: list[Example] = []
    for entry in labelled:
        (held_back if entry.held_back else learn).append(entry.example)
    return learn, held_back


def truths_of(examples: Sequence[Example]) -> list[str]:
    return [example.label for example in examples]
