"""A trace a row, as parts in the order of time: what was said, each call of a tool, and what it gave."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from labelling.formats.format import FoundParts
from labelling.formats.traces import langfuse, otlp
from labelling.formats.traces.steps import Trace
from labelling.task_types.parts import BadPart


def parts_of(cells: Mapping[str, Any]) -> FoundParts | None:
    """None where it is no trace; BadPart for one that says nothing which could be judged."""
    for reader in (otlp, langfuse):
        if (trace := reader.trace_of(cells)) is not None:
            return _found(trace)
    return None


def _found(trace: Trace) -> FoundParts:
    if not trace.parts:
        raise BadPart(
            "The trace holds no messages and no calls of tools: switch on that its contents are kept.", "trace"
        )
    return FoundParts(trace.parts, None, trace.cells, trace.called)
