"""The reference says of one label of a promised release whether it is right. docs/decisions/warranty.md"""

from __future__ import annotations

from django.db import transaction

from consensus.core.guarantees.frozen_labels import VERSION, Looked, look, promise_of
from delivery.outbox import emit
from kernel.errors import Conflict, DomainError
from labelling.batches.escrow import fee_micro
from labelling.models import Batch, Judgement, Warranty
from people.audit import record
from people.models import Person
from proofs import public_key_hex, sign_receipt


@transaction.atomic
def judge_label(actor: Person, warranty: Warranty, *, item: int, right: bool) -> Warranty:
    """Safe to repeat; another word on the same label takes the place of the first, until the promise is kept. The caller has authorised
    it."""
    warranty = Warranty.objects.select_for_update(of=("self",)).select_related("release__project").get(pk=warranty.pk)
    if warranty.state == Warranty.State.KEPT:
        raise Conflict("This promise is kept: its judgements stand.", field="state", code="kept")
    if item not in {one for one, _ in warranty.labels}:
        raise DomainError("item is no label of this promise.", field="item")
    Judgement.objects.update_or_create(warranty=warranty, item_id=item, defaults={"right": right, "by": actor})
    record(actor, "release.judge", warranty.release, item=item, right=right)
    _set_state(warranty, look_at(warranty))
    return warranty


def look_at(warranty: Warranty) -> Looked:
    """What it has come to by the judgements that are there."""
    place_of = {item: place for place, (item, _) in enumerate(warranty.labels)}
    said = warranty.judgements.values_list("item", "right")
    judged = {place_of[item]: right for item, right in said}
    confidence = [sure for _, sure in warranty.labels]
    return look(warranty.release.sha256, confidence, promise_of(_body(warranty)), warranty.draws, judged)


def _set_state(warranty: Warranty, found: Looked) -> None:
    before, too_dear = warranty.state, found.stands is not None and found.needed > warranty.budget
    warranty.state = Warranty.State.KEPT if found.kept else Warranty.State.TOO_DEAR if too_dear else Warranty.State.OPEN
    if warranty.state == before:
        return
    warranty.save(update_fields=["state"])
    if warranty.state == Warranty.State.TOO_DEAR:
        event = {"warranty": warranty.pk, "release": warranty.release_id, "project": warranty.release.project_id}
        price = {"budget": warranty.budget, "judgements_needed": found.needed, **price_of(warranty, found)}
        emit("warranty.dear", event | price)


def price_of(warranty: Warranty, found: Looked) -> dict:
    """What the judgements that are left would cost, at what the project pays for an answer now, its fee included."""
    last = (
        Batch.objects.filter(project=warranty.release.project).exclude(state=Batch.State.DRAFT).order_by("-pk").first()
    )
    if last is None:
        return {"price_micro": None, "currency": None}
    pay_micro = last.base_micro + last.bonus_micro
    each_micro = pay_micro + fee_micro(pay_micro, last.fee_bps)
    return {"price_micro": each_micro * len(found.to_judge), "currency": last.currency}


def _body(warranty: Warranty) -> dict:
    return {
        "v": VERSION,
        "release_sha256": warranty.release.sha256,
        "error_ppm": warranty.error_ppm,
        "confidence_ppm": warranty.confidence_ppm,
        "reference_error_ppm": warranty.reference_ppm,
        "draws": warranty.draws,
    }


def signed(warranty: Warranty) -> dict:
    """What goes with the release: anybody can recompute the bound from it (python -m labelling.proof.warranty)."""
    judged = warranty.judgements.order_by("item").values_list("item", "right")
    body = _body(warranty) | {"judgements": [[item, right] for item, right in judged]}
    return {"body": body, "signature": sign_receipt(body), "public_key": public_key_hex()}
