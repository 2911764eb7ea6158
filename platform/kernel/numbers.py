"""Numbers as JSON has them."""

from __future__ import annotations

from typing import Any, TypeGuard


def is_whole(value: Any) -> TypeGuard[int]:
    """A whole number: true and false are none, which Python takes for 1 and 0."""
    return isinstance(value, int) and not isinstance(value, bool)
