"""choices: groups follow each other, and begin at labels that there are."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from labelling.task_types.errors import BadSetting


def check(config: Mapping[str, Any]) -> None:
    labels, groups = config.get("labels", []), config.get("groups", [])
    for place, group in enumerate(groups):
        if group["first"] > len(labels):
            raise BadSetting(
                "{field}: there is no label number {first}, the project has {labels}.",
                f"groups[{place}].first",
                field=f"config.groups[{place}].first",
                first=group["first"],
                labels=len(labels),
            )
    if any(after["first"] <= before["first"] for before, after in pairwise(groups)):
        raise BadSetting("{field}: a group begins after the one before it.", "groups", field="config.groups")
    if config.get("most", 1) > len(labels):
        raise BadSetting("{field}: the project has {labels} labels.", "most", field="config.most", labels=len(labels))
