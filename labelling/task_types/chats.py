"""The messages of a chat as parts, in the words of those who write them. Pure.

Chat completions and responses of OpenAI's API, Anthropic's messages, and OpenTelemetry's conventions for generative AI
(gen_ai.input.messages): they differ in what they call the same few things, so one table of names reads them all.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from labelling.task_types.parts import ROLES, BadPart

_ROLE = {
    "developer": "system", "function": "tool_result", "tool": "tool_result", "observation": "tool_result",
    "human": "user", "gpt": "assistant", "bot": "assistant", "chatgpt": "assistant", "model": "assistant",
    "function_call": "tool_call",
}  # fmt: skip
# What a piece of a message is called that bears text, a call of a tool, what a tool gave, or a picture.
_TEXTS = ("text", "input_text", "output_text", "refusal", "markdown")
_THOUGHTS = ("reasoning", "thinking", "thought")
_CALLS = ("tool_call", "tool_use", "function_call", "server_tool_use", "server_tool_call")
_RESULTS = ("tool_call_response", "tool_result", "function_call_output", "server_tool_call_response")
_PICTURES = ("image_url", "input_image", "image", "uri")
_KNOWN = ("text", "thinking", "tool_call", "tool_result", "image_url")  # told to who sends another one


def parts_of_messages(messages: Any, field: str = "messages") -> list[dict[str, Any]]:
    """Parts of a chat, in its order. BadPart names the message."""
    if not isinstance(messages, list) or not messages:
        raise BadPart("{field} must be a list like {example}.", field, example='[{"role": "user", "content": "…"}]')
    return [part for place, one in enumerate(messages) for part in _of_message(one, f"{field}[{place}]")]


def _of_message(message: Any, field: str) -> list[dict[str, Any]]:
    if isinstance(message, dict) and "role" not in message and message.get("type") in (*_CALLS, *_RESULTS, *_THOUGHTS):
        return _of_piece(message, "assistant", field)  # an item of OpenAI's responses
    if not isinstance(message, dict) or not isinstance(message.get("role"), str):
        raise BadPart("{field} must be an object with role and content.", field)
    role = role_of(message["role"], f"{field}.role")
    pieces = [message["parts"]] if "parts" in message else [message.get("content")]
    if isinstance(message.get("reasoning_content"), str):
        pieces.insert(0, [{"type": "reasoning", "text": message["reasoning_content"]}])
    found = [part for one in pieces for part in _of_content(one, role, f"{field}.content")]
    return found + _of_calls(message, field)


def role_of(given: str, field: str) -> str:
    role = _ROLE.get(given.lower(), given.lower())
    if role not in ROLES:
        raise BadPart("{field} must be one of {choices}.", field, choices=", ".join(ROLES))
    return role


def _of_calls(message: Mapping[str, Any], field: str) -> list[dict[str, Any]]:
    calls = message.get("tool_calls") or []
    if not isinstance(calls, list):
        raise BadPart("{field} must be a list.", f"{field}.tool_calls")
    one = message.get("function_call")
    calls = [*calls, one] if isinstance(one, dict) else calls
    return [
        {"role": "tool_call", "json": call.get("function", call) if isinstance(call, dict) else call} for call in calls
    ]


def _of_content(content: Any, role: str, field: str) -> list[dict[str, Any]]:
    """A text, or a list of pieces; what a tool gave may be any JSON."""
    if isinstance(content, list) and (role != "tool_result" or all(_is_piece(one) for one in content)):
        return [part for n, one in enumerate(content) for part in _of_piece(one, role, f"{field}[{n}]")]
    return _said(content, role, field)


def _is_piece(one: Any) -> bool:
    return isinstance(one, str) or (isinstance(one, dict) and isinstance(one.get("type"), str))


def _said(content: Any, role: str, field: str) -> list[dict[str, Any]]:
    if content is None or (isinstance(content, str) and not content.strip()):
        return []
    if isinstance(content, str):
        return [{"role": role, "text": content}]
    if role in ("tool_result", "tool_call"):
        return [{"role": role, "json": content}]
    raise BadPart("{field} must be text, or a list of pieces with text.", field)


def _of_piece(piece: Any, role: str, field: str) -> list[dict[str, Any]]:
    if not isinstance(piece, dict):
        return _said(piece, role, field.rpartition("[")[0])
    kind = piece.get("type", "text")
    if kind in _TEXTS:
        return _said(_first(piece, "text", "content", "refusal"), role, field.rpartition("[")[0])
    if kind in _THOUGHTS:
        return _thought(piece, field)
    if kind in _CALLS:
        return [{"role": "tool_call", "json": _call(piece)}]
    if kind in _RESULTS:
        given = _first(piece, "response", "content", "output", "result")
        return _of_content(given, "tool_result", field)
    if kind in _PICTURES:
        return [{"role": role, "kind": _kind_of(piece), "url": _address(piece, field)}]
    raise BadPart("{field} must be one of {choices}.", f"{field}.type", choices=", ".join(_KNOWN))


def _first(piece: Mapping[str, Any], *names: str) -> Any:
    return next((piece[name] for name in names if piece.get(name) is not None), None)


def _thought(piece: Mapping[str, Any], field: str) -> list[dict[str, Any]]:
    said = _first(piece, "text", "thinking", "content", "summary")
    if isinstance(said, list):
        said = "\n".join(str(one.get("text", "")) if isinstance(one, dict) else str(one) for one in said)
    return _said(said, "thought", field)


def _call(piece: Mapping[str, Any]) -> dict[str, Any]:
    """By the names of chat completions, whatever its writer calls them."""
    given = _first(piece, "arguments", "input")
    return {"name": piece.get("name", ""), "arguments": {} if given is None else given}


def _kind_of(piece: Mapping[str, Any]) -> str:
    return piece["modality"] if piece.get("modality") in ("audio", "video") else "image"


def _address(piece: Mapping[str, Any], field: str) -> str:
    given = _first(piece, "image_url", "url", "uri", "source")
    given = given.get("url") if isinstance(given, dict) else given
    if not isinstance(given, str) or not given.lower().startswith(("http://", "https://")):
        raise BadPart("{field} must give the picture by an address that starts with https://.", field)
    return given
