"""What may be disturbing in what people are asked to look at: a short fixed list, the same for who declares it and for who avoids it.

A new one: its name here, in platform/console/display_names.py and in worker_app/locales/*/work.json (`content.<name>`).
"""

from __future__ import annotations

from kernel.errors import DomainError

CATEGORIES = ("violence", "injury", "death", "self_harm", "sexual", "hate", "medical")


def check_categories(given: object, field: str) -> list[str]:
    """Each once, in the order of the list."""
    if not isinstance(given, list) or not all(isinstance(one, str) and one in CATEGORIES for one in given):
        raise DomainError(
            "{field} must be a list of some of {choices}.",
            field=field,
            said={"field": field, "choices": ", ".join(CATEGORIES)},
        )
    return [one for one in CATEGORIES if one in given]
