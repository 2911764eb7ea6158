"""Text and documents that the database can keep: no NUL, and no half of a character (a lone surrogate)."""

from __future__ import annotations

from typing import Any, TypeGuard


def is_text(value: Any, most: int, least: int = 1) -> TypeGuard[str]:
    """Text of so many characters, blanks around it left out."""
    return isinstance(value, str) and least <= len(value.strip()) <= most and is_keepable(value)


def is_document(value: Any) -> TypeGuard[dict[str, Any]]:
    """A JSON object that can be kept."""
    return isinstance(value, dict) and is_keepable(value)


def is_keepable(value: Any) -> bool:
    """Whether each text in a JSON value, the names of its fields too, can be kept."""
    if isinstance(value, str):
        return not any(sign == "\x00" or "\ud800" <= sign <= "\udfff" for sign in value)
    inner = [*value, *value.values()] if isinstance(value, dict) else value if isinstance(value, list) else ()
    return all(map(is_keepable, inner))
