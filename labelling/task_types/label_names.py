"""The requester's own words are the labels; ids are ours, made here, and shown to nobody who did not choose them.

Answers, receipts and proofs hold ids, so that a name may change. Everything that leaves for a requester or her programs says
both: `label` in her words, `label_id` beside it. What comes in may say either. (docs/decisions/label-names.md)
"""

from __future__ import annotations

import colorsys
import re
import secrets
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from labelling.task_types.tree import nodes_of

_BETWEEN = re.compile(r"(?<=[^\W_])[\s_-]+(?=[^\W_])")  # the words of a name; C- is not C
PALETTE = ("#a8401f", "#2a6a48", "#c98a12", "#2f5d8c", "#7b3f80", "#52707a", "#b3567a", "#5c6b1f")
_GOLDEN_TURN = 0.618034


# --- labels of a project ----------------------------------------------------------------------------------------------
def completed(labels: Any) -> Any:
    """Labels as they are kept, of those that were sent: a name alone is a label, and who sends no id gets one. What is
    wrong with them is left for the check to say."""
    if not isinstance(labels, list):
        return labels
    taken = {label["id"] for label in labels if isinstance(label, dict) and isinstance(label.get("id"), str)}
    return [_completed(label, taken) for label in labels]


def _completed(label: Any, taken: set[str]) -> Any:
    if isinstance(label, str):
        label = {"name": label}
    if not isinstance(label, dict):
        return label
    kept = {**label, "id": label["id"] if "id" in label else new_id(taken)}
    if isinstance(label.get("name"), str):
        kept["name"] = {"en": label["name"]}
    return kept


def new_id(taken: set[str]) -> str:
    """An id that says nothing, and that no label of the project has; it joins `taken`."""
    while (made := f"l{secrets.token_hex(4)}") in taken:
        pass
    taken.add(made)
    return made


def colour_of(place: int) -> str:
    """A colour for the label at a place: chosen ones first, then hues that lie as far apart as so many can."""
    if place < len(PALETTE):
        return PALETTE[place]
    lightness = (0.34, 0.46, 0.26)[place % 3]
    red, green, blue = colorsys.hls_to_rgb(place * _GOLDEN_TURN % 1, lightness, 0.55)
    return f"#{round(red * 255):02x}{round(green * 255):02x}{round(blue * 255):02x}"


def name_of(label: Mapping[str, Any]) -> str:
    """What its requester calls it: in English, or in whichever language she has named it."""
    names = label.get("name") or {}
    return names.get("en") or next(iter(names.values()), "") or label["id"]


def labels_within(settings: Any) -> list[dict]:
    """All labels of a project's settings, each once: those of its own, the nodes of its tree, each called by its path, and those of
    questions that lie in them."""
    return list(_within(settings).values())


def _within(settings: Any) -> dict[str, dict]:
    if isinstance(settings, list):
        return {key: label for one in settings for key, label in _within(one).items()}
    if not isinstance(settings, Mapping):
        return {}
    labels = settings.get("labels")
    own = [*(labels if isinstance(labels, list) else []), *nodes_of(settings)]
    found = {label["id"]: label for label in own if isinstance(label, Mapping) and "name" in label}
    return found | {
        key: label
        for name, one in settings.items()
        if name not in ("labels", "tree")
        for key, label in _within(one).items()
    }


def names_of(config: Mapping[str, Any]) -> dict[str, str]:
    return {label["id"]: name_of(label) for label in labels_within(config)}


def names_ever(config: Mapping[str, Any], past_labels: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Of the labels of now and of those that were merged or retired: old answers, and old releases, still hold them."""
    return names_of({"labels": [*past_labels, *labels_within(config)]})


def same_name(name: str) -> str:
    """Equal for names that nobody could tell apart: composed alike (NFC), blanks as one blank, and none of no width."""
    shown = "".join(sign for sign in unicodedata.normalize("NFC", name) if unicodedata.category(sign) != "Cf")
    return " ".join(shown.split())


# --- out --------------------------------------------------------------------------------------------------------------
def with_names(value: Any, names: Mapping[str, str]) -> Any:
    """A value as it leaves: `label` is the name, `label_id` the id, wherever in the value a label stands; of several `labels` and
    `label_ids`."""
    if isinstance(value, list):
        return [with_names(one, names) for one in value]
    if not isinstance(value, dict):
        return value
    said = {key: with_names(one, names) if isinstance(one, dict | list) else one for key, one in value.items()}
    if isinstance(value.get("label"), str) and "label_id" not in value:
        said |= {"label": names.get(value["label"], value["label"]), "label_id": value["label"]}
    if is_set(value.get("labels")) and "label_ids" not in value:
        said |= {"labels": [names.get(one, one) for one in value["labels"]], "label_ids": value["labels"]}
    return said


def is_set(given: Any) -> bool:
    """Several labels, each by its name or id."""
    return isinstance(given, list) and all(isinstance(one, str) for one in given)


def names_in(value: Any) -> dict[str, str]:
    """{id: name} of all labels in a value that has left."""
    if isinstance(value, list):
        return {label: name for one in value for label, name in names_in(one).items()}
    if not isinstance(value, dict):
        return {}
    own = {value["label_id"]: value["label"]} if "label_id" in value else {}
    own |= dict(zip(value.get("label_ids", ()), value.get("labels", ()), strict=False)) if "label_ids" in value else {}
    return own | {label: name for one in value.values() for label, name in names_in(one).items()}


# --- in ---------------------------------------------------------------------------------------------------------------
def with_ids(value: Any, find: Callable[[Any], str | None]) -> Any:
    """A value as answers are kept, of one whose labels are names or ids. What is no label is left for the check to say."""
    if isinstance(value, list):
        return [with_ids(one, find) for one in value]
    if not isinstance(value, dict):
        return value
    kept = {key: with_ids(one, find) for key, one in value.items() if key not in ("label_id", "label_ids")}
    if "label_ids" in value:
        kept["labels"] = value["label_ids"]
    elif is_set(value.get("labels")):
        kept["labels"] = [find(one) or one for one in value["labels"]]
    if "label_id" in value:
        kept["label"] = value["label_id"]
    elif isinstance(value.get("label"), str):
        kept["label"] = find(value["label"]) or value["label"]
    return kept


def set_in(given: str, find: Callable[[Any], str | None]) -> list[str]:
    """Several labels of one cell, each by its name or id: parted by the first sign of `;|,` that leaves nothing but labels."""
    ways = [[given], *(given.split(sign) for sign in ";|,")]
    parted = [[one.strip() for one in way if one.strip()] for way in ways]
    return next((way for way in parted if all(map(find, way))), parted[1])


def label_finder(config: Mapping[str, Any]) -> Callable[[Any], str | None]:
    """The function from what stands in a file to a label's id; None for no label, or for more than one.

    A name as it is written comes before an id, and both before a name in another case or with other signs between its words.
    """
    exact, meant = _meanings(tuple((one["id"], *one.get("name", {}).values()) for one in labels_within(config)))

    def find(given: Any) -> str | None:
        said = same_name(str(given))
        if said in exact:
            return exact[said]
        found = meant.get(_folded(said), ())
        return next(iter(found)) if len(found) == 1 else None

    return find


@lru_cache(maxsize=64)
def _meanings(labels: tuple[tuple[str, ...], ...]) -> tuple[dict[str, str], dict[str, set[str]]]:
    """Label ids by what names them exactly, and which labels each folded id and name may mean."""
    exact: dict[str, str] = {}
    meant: dict[str, set[str]] = {}
    for label_id, *names in labels:
        exact |= {same_name(name): label_id for name in names if same_name(name) not in exact}
        for name in (label_id, *names):
            meant.setdefault(_folded(same_name(name)), set()).add(label_id)
    for label_id, *_ in labels:
        exact.setdefault(label_id, label_id)
    return exact, meant


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", _BETWEEN.sub(" ", name.casefold()).strip())
