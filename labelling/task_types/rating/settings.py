"""rating: what counts as right must leave something that is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from labelling.task_types.errors import BadSetting
from labelling.task_types.rating.scale import bounds_of


def check(config: Mapping[str, Any]) -> None:
    low, high, _step = bounds_of(config)
    if 2 * config.get("near", 0) >= high - low:
        raise BadSetting(
            "{field}: so wide that nearly any answer is right; write less than {most}.",
            "near",
            field="config.near",
            most=(high - low + 1) // 2,
        )
