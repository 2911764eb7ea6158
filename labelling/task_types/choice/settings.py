"""choice: a card is pushed to two sides, or up as the third; of a grid one label is tapped, the other is of what is left."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from labelling.task_types.errors import BadSetting


def check(config: Mapping[str, Any]) -> None:
    labels = len(config.get("labels", []))
    if config.get("look") == "grid" and labels != 2:
        raise BadSetting(
            "{field}: pictures at once need two labels; there are {labels}.",
            "look",
            field="config.look",
            labels=labels,
        )
    if config.get("look") == "swipe" and labels not in (2, 3):
        raise BadSetting(
            "{field}: a card needs two labels, or three; there are {labels}.",
            "look",
            field="config.look",
            labels=labels,
        )
