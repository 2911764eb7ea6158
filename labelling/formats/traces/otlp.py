"""OTLP JSON, a request a line as the file exporter writes it; or a span a row, its attributes an object.

Semantic conventions for generative AI (opentelemetry.io/docs/specs/semconv/gen-ai): gen_ai.system_instructions, gen_ai.input.messages,
gen_ai.output.messages of a model's call, gen_ai.tool.call.arguments and gen_ai.tool.call.result of a tool's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from labelling.formats.traces.steps import Trace
from labelling.task_types.chats import parts_of_messages
from labelling.task_types.parts import BadPart
from people.strict_json import read_json

_SYSTEM, _INPUT, _OUTPUT = "gen_ai.system_instructions", "gen_ai.input.messages", "gen_ai.output.messages"
_TOOL, _ARGUMENTS, _RESULT = "gen_ai.tool.name", "gen_ai.tool.call.arguments", "gen_ai.tool.call.result"
_REQUEST, _SCOPES, _SPAN = "resourceSpans", "scopeSpans", frozenset({"attributes", "traceId", "spanId"})


def trace_of(cells: Mapping[str, Any]) -> Trace | None:
    if isinstance(cells.get(_REQUEST), list):
        spans, taken = list(_spans(cells)), frozenset({_REQUEST})
    elif isinstance(cells.get(_SCOPES), list):  # of a request that is a file of its own, its resources one by one
        spans, taken = list(_spans({_REQUEST: [cells]})), frozenset({_SCOPES, "resource"})
    elif cells.keys() >= _SPAN:
        spans, taken = [dict(cells)], _SPAN | {"parentSpanId"}
    else:
        return None
    traces = {str(span.get("traceId")) for span in spans}
    if len(traces) > 1:
        raise BadPart("{field} holds spans of {n} traces: write one trace a line.", _REQUEST, n=len(traces))
    trace = Trace(taken, next(iter(traces), None))
    for span in sorted(spans, key=_start):
        _tell(trace, {name: _read(value) for name, value in _attributes(span)})
    return trace


def _spans(cells: Mapping[str, Any]) -> Iterator[dict]:
    for resource in filter(_is_object, cells[_REQUEST]):
        for scope in filter(_is_object, resource.get(_SCOPES) or []):
            yield from filter(_is_object, scope.get("spans") or [])


def _is_object(given: Any) -> bool:
    return isinstance(given, dict)


def _start(span: Mapping[str, Any]) -> int:
    given = str(span.get("startTimeUnixNano", 0))
    return int(given) if given.isascii() and given.isdigit() else 0


def _attributes(span: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """OTLP writes a list of {"key", "value": {"stringValue"}}, exporters of their own an object."""
    given = span.get("attributes")
    if isinstance(given, dict):
        yield from given.items()
    for one in given if isinstance(given, list) else ():
        if isinstance(one, dict) and isinstance(one.get("key"), str):
            yield one["key"], _value(one.get("value"))


def _value(given: Any) -> Any:
    """An AnyValue of OTLP as JSON."""
    if not isinstance(given, dict) or len(given) != 1:
        return given
    [(kind, value)] = given.items()
    if kind == "arrayValue":
        return [_value(one) for one in value.get("values", [])] if isinstance(value, dict) else value
    if kind == "kvlistValue":
        return {one.get("key"): _value(one.get("value")) for one in value.get("values", [])}
    return value


def _read(given: Any) -> Any:
    """Structured contents may have been kept as text."""
    if not isinstance(given, str) or not given.lstrip().startswith(("{", "[")):
        return given
    try:
        return read_json(given)
    except ValueError:
        return given


def _tell(trace: Trace, said: Mapping[str, Any]) -> None:
    if said.get(_SYSTEM):
        trace.heard(parts_of_messages([{"role": "system", "content": said[_SYSTEM]}], _SYSTEM))
    if isinstance(said.get(_INPUT), list) and said[_INPUT]:
        trace.heard(parts_of_messages(said[_INPUT], _INPUT))
    if isinstance(said.get(_OUTPUT), list) and said[_OUTPUT]:
        trace.added(parts_of_messages(said[_OUTPUT], _OUTPUT))
    if _ARGUMENTS in said or _RESULT in said:
        arguments = said.get(_ARGUMENTS)
        call = {"name": said.get(_TOOL, ""), "arguments": {} if arguments is None else arguments}
        trace.heard([{"role": "tool_call", "json": call}])
        if said.get(_RESULT) not in (None, ""):
            trace.heard(parts_of_messages([{"role": "tool", "content": said[_RESULT]}], _RESULT))
