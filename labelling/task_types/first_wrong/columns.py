"""The first wrong step in a table: step, kind and how bad in columns of their own."""

from __future__ import annotations

from typing import Any


def columns_of(value: dict) -> dict[str, Any]:
    """Of an answer as it leaves, with the name of its label; nothing where nothing is wrong."""
    one = value["wrong"][0] if value["wrong"] else {}
    columns = {"wrong.step": one.get("step"), "wrong.kind": one.get("label")}
    return columns | ({"wrong.severity": one["severity"]} if "severity" in one else {})
