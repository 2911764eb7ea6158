"""Files that help to answer, as types of answers declare them (`TaskType.aids`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from labelling.task_types import get


def makers_of(task_type: str, config: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """The names under which the aids of a project's type are kept with a picture, by the module that makes them; those of types within
    it, too."""
    kind = get(task_type)
    kinds = [kind, *(get(name) for _, name, _ in kind.within(config))]
    return {f"{one.home}.aids": one.aid_names for one in kinds if one.aids}
