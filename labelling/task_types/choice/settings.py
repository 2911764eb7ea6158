"""choice: a card is pushed to two sides, or up as the third."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from labelling.task_types.errors import BadSetting


def check(config: Mapping[str, Any]) -> None:
    if config.get("look") == "swipe" and len(config.get("labels", [])) not in (2, 3):
        raise BadSetting(
            "{field}: a card needs two labels, or three; there are {labels}.",
            "look",
            field="config.look",
            labels=len(config.get("labels", [])),
        )
