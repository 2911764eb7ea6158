"""Which label somebody means who writes its name or its id, in any case and with any sign between the words."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

_BETWEEN = re.compile(r"[\s_-]+")


def label_finder(config: Mapping[str, Any]) -> Callable[[Any], str | None]:
    """The function from what stands in a file to a label's id; None for no label, or for more than one."""
    exact, meant = _meanings(tuple((one["id"], *one.get("name", {}).values()) for one in config.get("labels", [])))

    def find(given: Any) -> str | None:
        if isinstance(given, str) and given in exact:
            return given
        found = meant.get(_folded(str(given)), ())
        return next(iter(found)) if len(found) == 1 else None

    return find


@lru_cache(maxsize=64)
def _meanings(labels: tuple[tuple[str, ...], ...]) -> tuple[frozenset[str], dict[str, set[str]]]:
    """The ids, and which labels each folded id and name may mean."""
    meant: dict[str, set[str]] = {}
    for label in labels:
        for name in label:
            meant.setdefault(_folded(name), set()).add(label[0])
    return frozenset(label[0] for label in labels), meant


def _folded(name: str) -> str:
    return _BETWEEN.sub(" ", name.casefold()).strip()
