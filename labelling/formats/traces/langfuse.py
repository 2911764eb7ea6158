"""A trace of Langfuse: {"id", "input", "output", "observations": [{"type", "name", "startTime", "input", "output"}]} (its API's
TraceWithFullDetails), or one observation a row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from labelling.formats.traces.steps import Part, Trace
from labelling.task_types.chats import parts_of_messages

_ALL = "observations"
_ONE = frozenset({"traceId", "type", "input", "output"})
_MODEL, _TOOL = "GENERATION", ("TOOL", "RETRIEVER")


def trace_of(cells: Mapping[str, Any]) -> Trace | None:
    if isinstance(cells.get(_ALL), list):
        steps, taken = [one for one in cells[_ALL] if isinstance(one, dict)], frozenset({_ALL, "input", "output", "id"})
    elif cells.keys() >= _ONE:
        steps, taken = [dict(cells)], _ONE | {"id"}
    else:
        return None
    trace = Trace(taken, cells.get("id"))
    for step in sorted(steps, key=lambda one: str(one.get("startTime") or "")):
        _tell(trace, step)
    if not trace.parts:  # nothing but its ends was kept
        trace.heard(_messages(cells.get("input"), "user", "input"))
        trace.added(_messages(cells.get("output"), "assistant", "output"))
    return trace


def _tell(trace: Trace, step: Mapping[str, Any]) -> None:
    """A span that only holds others says nothing of its own."""
    if step.get("type") == _MODEL:
        trace.heard(_messages(step.get("input"), "user", "input"))
        trace.added(_messages(step.get("output"), "assistant", "output"))
    elif step.get("type") in _TOOL:
        given = step.get("input")
        trace.heard(
            [{"role": "tool_call", "json": {"name": step.get("name"), "arguments": {} if given is None else given}}]
        )
        trace.heard(_messages(step.get("output"), "tool", "output"))


def _messages(given: Any, role: str, field: str) -> list[Part]:
    """A chat, one message, or only what was said."""
    inner = given.get("messages") if isinstance(given, dict) and isinstance(given.get("messages"), list) else given
    if inner in (None, "", [], {}):
        return []
    if isinstance(inner, list) and role != "tool" and all(isinstance(one, dict) and "role" in one for one in inner):
        return parts_of_messages(inner, field)
    if isinstance(inner, dict) and isinstance(inner.get("role"), str):
        return parts_of_messages([inner], field)
    if isinstance(inner, str) or role == "tool":
        return parts_of_messages([{"role": role, "content": inner}], field)
    return [{"role": "step", "json": inner}]
