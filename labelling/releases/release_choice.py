"""What a release is asked to hold. Kept with it (`Release.wanted`), so that everybody can read what it left out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kernel.errors import DomainError
from labelling.models import Batch, Dataset, Project
from labelling.task_types.label_names import label_finder

FIELDS = ("gold", "undecided", "labels", "confidence_from_ppm", "datasets", "batches")
MOST = 200  # labels, datasets or batches


def read_choice(project: Project, given: Mapping[str, Any]) -> dict[str, Any]:
    """The choice as it is kept; what is not said is left out, and asks for nothing. DomainError names the field."""
    if unknown := sorted(set(given) - set(FIELDS)):
        raise DomainError(
            "{unknown} is no choice of a release: send {choices}.",
            field=unknown[0],
            said={"unknown": unknown[0], "choices": ", ".join(FIELDS)},
        )
    kept: dict[str, Any] = {}
    for name in ("gold", "undecided"):
        if not isinstance(given.get(name, False), bool):
            raise DomainError("{name} must be true or false.", field=name, said={"name": name})
        kept |= {name: True} if given.get(name) else {}
    if (least := given.get("confidence_from_ppm")) is not None:
        if isinstance(least, bool) or not isinstance(least, int) or not 0 <= least <= 1_000_000:
            raise DomainError(
                "confidence_from_ppm must be a whole number from 0 to 1000000.", field="confidence_from_ppm"
            )
        kept["confidence_from_ppm"] = least
    if labels := _list_of(given, "labels", str):
        kept["labels"] = _labels(project, labels)
    for name, model in (("datasets", Dataset), ("batches", Batch)):
        if ids := _list_of(given, name, int):
            kept[name] = _own(project, name, model, ids)
    return kept


def _list_of(given: Mapping[str, Any], name: str, kind: type) -> list:
    value = given.get(name) or []
    whole = isinstance(value, list) and all(isinstance(one, kind) and not isinstance(one, bool) for one in value)
    if not whole or len(value) > MOST:
        raise DomainError("{name} must be a list of at most {most}.", field=name, said={"name": name, "most": MOST})
    return value


def _labels(project: Project, labels: list[str]) -> list[str]:
    find = label_finder(project.config)
    ids = [find(label) for label in labels]
    if None in ids:
        raise DomainError(
            "labels: {labels} is no label of this project.",
            field="labels",
            said={"labels": labels[ids.index(None)][:60]},
        )
    return sorted({one for one in ids if one is not None})


def _own(project: Project, name: str, model, ids: list[int]) -> list[int]:
    ids = sorted({one for one in ids if 0 < one < 2**63})
    if set(model.objects.filter(project=project, pk__in=ids).values_list("pk", flat=True)) != set(ids) or not ids:
        raise DomainError("{name} must be ids of this project's {name}.", field=name, said={"name": name})
    return ids
