"""The books of a promise on the label API, signed: anybody recomputes its bound from them (python -m labelling.proof.warranty)."""

from __future__ import annotations

from consensus.core.guarantees.served_labels import VERSION, look, said
from labelling.label_api.promise_labels import draws_of
from labelling.models import LabelPromise
from proofs import public_key_hex, sign_receipt


def signed(promise: LabelPromise) -> dict:
    """Each draw with the id of its request: the requester finds it among the answers that she was given."""
    draws, waiting = draws_of(promise)
    body = {
        "v": VERSION,
        "project": promise.project_id,
        "model_version": promise.version_id,
        "since": promise.since.isoformat(),
        "error_ppm": promise.error_ppm,
        "confidence_ppm": promise.confidence_ppm,
        "reference_error_ppm": promise.reference_ppm,
        "threshold_before_ppm": promise.threshold_ppm,
        "draws": [[str(draw.request), draw.confidence_ppm, not draw.wrong] for draw in draws],
        "waiting": waiting,
    }
    body["stated"] = said(look(body))
    return {"body": body, "signature": sign_receipt(body), "public_key": public_key_hex()}
