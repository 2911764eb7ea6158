"""How many answers an item may get: of a project, and of each of its batches."""

from __future__ import annotations

from kernel.errors import DomainError
from kernel.numbers import is_whole


def check_answers(least: object, most: object) -> None:
    if not (is_whole(least) and is_whole(most) and 1 <= least <= most <= 50):
        raise DomainError("max_answers must be at least min_answers, both from 1 to 50.", field="max_answers")
