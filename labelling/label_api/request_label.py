"""The label API: one item in, one label out, from the model when it is sure and from the crowd when it is not."""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction

from delivery.outbox import emit
from intake.models import Media
from kernel.errors import Conflict, DomainError
from kernel.say import Ours
from labelling.batches.add_to_batch import add_to_open_batch
from labelling.data.add_items import add_media_item, add_text_item
from labelling.data.add_parts import add_parts_item
from labelling.label_api.guess import Guess, guess_of
from labelling.label_api.promise_labels import drawn_bps, may_be_drawn, promise_for
from labelling.models import Dataset, Decision, Gold, Item, LabelRequest, Project, Suggestion
from ledger import clock

DATASET = "Label API"
MODEL, CROWD = "model", "crowd"
# What an item of such a project is sent as; all others are files.
WANTS = {
    "text": "This project labels text: send item.text.",
    "parts": "This project labels parts: send item.parts or item.messages.",
    "media": "This project labels files: send item.url or a file of the kind {medium}.",
}


@dataclass(frozen=True)
class Asked:
    """What the caller sent: a text, media that intake has made safe, or parts as they are kept with the media of each that is a file."""

    text: str = ""
    media: Media | None = None
    parts: list[dict[str, Any]] | None = None
    part_media: dict[str, Media] = field(default_factory=dict)
    external_id: str = ""
    file_name: str = ""  # as it was sent, or the last part of the address
    url: str = ""

    @property
    def kind(self) -> str:
        return "parts" if self.parts is not None else "media" if self.media is not None else "text"

    @property
    def files(self) -> list[Media]:
        return [*self.part_media.values(), *([self.media] if self.media else [])]


def request_label(project: Project, asked: Asked, request_id: uuid.UUID | None = None) -> LabelRequest:
    """The request, answered or waiting. The same id, or without one the same content, gives the same request again.

    Refused, with nothing changed: an item the project does not take, an id used for another item, nobody to ask.
    """
    check_takes(project, asked.kind)
    try:
        return _request(project, asked, request_id)
    except IntegrityError:
        # The same call twice at one moment: the other made the row, which is found this time.
        return _request(project, asked, request_id)


def check_takes(project: Project, kind: str) -> None:
    """Before anything is fetched or stored: does the project take new items, and of this kind (text, media or parts)?"""
    if project.archived_at:
        raise DomainError("This project is archived: it takes no new items.", field="project")
    taken = project.medium if project.medium in WANTS else "media"
    if kind != taken:
        raise DomainError(WANTS[taken], field="item", said={"medium": Ours(project.medium)})


@transaction.atomic
def _request(project: Project, asked: Asked, request_id: uuid.UUID | None) -> LabelRequest:
    item = _item(project, asked)
    known = _same_request(project, item, request_id)
    if known is not None:
        _keep_on_offer(known)
        return known
    request = LabelRequest(id=request_id or _id_of_content(project, item), project=project, item=item)
    if not _answer_from_what_is_known(request) and not _answer_from_model(request):
        row = add_to_open_batch(project, item, waited_for=True)
        emit(
            "label.requested",
            {"request": str(request.pk), "item": item.pk, "project": project.pk, "batch": row.batch_id},
        )
    request.save(force_insert=True)
    if request.answered_at:
        emit("label.answered", answered_event(request))
    return request


def _item(project: Project, asked: Asked) -> Item:
    dataset = Dataset.objects.filter(project=project, name=DATASET).order_by("id").first()
    dataset = dataset or Dataset.objects.create(project=project, name=DATASET)
    dataset.project = project  # is at hand: need not be fetched
    if asked.parts is not None:
        return add_parts_item(dataset, asked.parts, asked.part_media, external_id=asked.external_id)
    if asked.media is not None:
        metadata = {"url": asked.url} if asked.url else {}
        names = {"external_id": asked.external_id, "file_name": asked.file_name}
        return add_media_item(dataset, asked.media, **names, metadata=metadata)
    return add_text_item(dataset, asked.text, external_id=asked.external_id)


def _id_of_content(project: Project, item: Item) -> uuid.UUID:
    return uuid.uuid5(uuid.NAMESPACE_OID, f"ilima:label:{project.pk}:{item.content_hash}")


def _same_request(project: Project, item: Item, request_id: uuid.UUID | None) -> LabelRequest | None:
    request_id = request_id or _id_of_content(project, item)
    known = LabelRequest.objects.select_related("project", "item").filter(pk=request_id).first()
    if known is not None and (known.item_id, known.project_id) != (item.pk, project.pk):
        raise Conflict("This id was used for another item: give a new item a new id.", field="id", code="id_taken")
    return known


def _keep_on_offer(request: LabelRequest) -> None:
    """A batch may have closed while the request waited: asked again, it goes on offer again, or is refused with the reason."""
    if request.answered_at is None and not Decision.objects.filter(item=request.item_id, final=True).exists():
        add_to_open_batch(request.project, request.item, waited_for=True)


def answered_event(request: LabelRequest) -> dict:
    return {
        "request": str(request.pk),
        "project": request.project_id,
        "item": request.item_id,
        "source": request.source,
        "value": request.value,
        "confidence_ppm": request.confidence_ppm,
    }


def _answer(request: LabelRequest, source: str, value: dict, confidence_ppm: int) -> None:
    request.source, request.value, request.confidence_ppm = source, value, confidence_ppm
    request.answered_at = clock.now()


def _answer_from_what_is_known(request: LabelRequest) -> bool:
    """People said already what this item is: it costs nothing to say it again."""
    gold = Gold.objects.filter(item=request.item, retired_at=None).first()
    if gold is not None:
        _answer(request, CROWD, gold.truth, 1_000_000)
        return True
    decision = Decision.objects.filter(item=request.item, final=True).first()
    if decision is not None:
        _answer(request, CROWD, decision.value, decision.confidence_ppm)
    return decision is not None


def _answer_from_model(request: LabelRequest) -> bool:
    """The live model answers when it is sure enough; else its guess becomes a suggestion for those who are asked."""
    guess = guess_of(request.project, request.item)
    if guess is None:
        return False
    promise = promise_for(request, guess)
    drawn = promise is not None and _drawn(request, guess, drawn_bps(promise))
    if guess.confidence_ppm < (request.project.label_api_threshold_ppm if promise is None else promise.threshold_ppm):
        if not drawn:
            _suggest(request, guess)
        return False
    _answer(request, MODEL, guess.value, guess.confidence_ppm)
    request.model_version_id = guess.model_version_id
    request.audit = _asked_as_well(request) if drawn else promise is None and _audited(request)
    if drawn and not request.audit:
        request.guess = request.guess_ppm = None
    return True


def _drawn(request: LabelRequest, guess: Guess, share_bps: int) -> bool:
    """A coin that knows nothing of the item puts it into the sample of the promise, whoever answers."""
    if secrets.randbelow(10_000) >= share_bps or not may_be_drawn(request):
        return False
    request.guess, request.guess_ppm = guess.value, guess.confidence_ppm
    return True


def _suggest(request: LabelRequest, guess: Guess) -> None:
    if guess.may_be_shown:
        row = Suggestion(
            item_id=request.item_id,
            model_version_id=guess.model_version_id,
            value=guess.value,
            confidence_ppm=guess.confidence_ppm,
        )
        Suggestion.objects.bulk_create([row], ignore_conflicts=True)


def _audited(request: LabelRequest) -> bool:
    """A random share of the model's answers is also asked of people, who see no suggestion. Without money, none is."""
    if secrets.randbelow(10_000) >= request.project.label_api_audit_bps:
        return False
    return may_be_drawn(request) and _asked_as_well(request)


def _asked_as_well(request: LabelRequest) -> bool:
    """Whether there is money to ask people."""
    try:
        with transaction.atomic():
            add_to_open_batch(request.project, request.item, waited_for=False)
    except DomainError:
        return False
    return True
