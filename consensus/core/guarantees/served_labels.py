"""What a promise on the label API says by the draws that are there, as a document that anybody recomputes. Pure: also the verifier's
(labelling/proof/warranty.py). The bound is service.py's (Waudby-Smith and Ramdas 2024, doi:10.1093/jrsssb/qkad009)."""

from __future__ import annotations

from .frozen_labels import promise_of
from .service import Service, service

VERSION = "label-promise-1"


def look(document: dict) -> Service:
    """document: as signed. draws: [[request, confidence in ppm, right]] in their order, none left out; threshold_before_ppm: what it was
    while they came."""
    stated = [sure for _, sure, _ in document["draws"]]
    wrong = [not right for *_, right in document["draws"]]
    return service(stated, wrong, promise_of(document), document["threshold_before_ppm"])


def said(found: Service) -> dict:
    """What the document states of it."""
    return {
        "threshold_ppm": found.threshold_ppm,
        "wrong": found.n_wrong,
        "model_share_ppm": round(1e6 * found.share),
        "bound_ppm": round(1e6 * found.bound),
        "changed": found.changed,
    }
