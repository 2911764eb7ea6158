"""What every operation has in common in the OpenAPI document: its refusals, and the answers that task types are made of."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal, NotRequired, TypedDict

from drf_spectacular.plumbing import ComponentRegistry

from api.contract.shapes import schema_of
from api.shapes.common import LabelDef
from labelling import task_types
from labelling.task_types.settings import plain


class Refused(TypedDict):
    """Why nothing was done: a code for programs, the field it is about ("" if none), and a sentence for people, in the language that
    was asked for. `said` are the parameters of the sentence: with `code` a program says it in its own words."""

    code: str
    field: str
    message: str
    said: NotRequired[dict[str, float | str]]
    why: NotRequired[Literal["flag", "full", "look"]]
    may_hold: NotRequired[int]
    held: NotRequired[int]
    until: NotRequired[datetime | None]
    amount_micro: NotRequired[int]
    least_micro: NotRequired[int]
    missing_micro: NotRequired[int]


class Error(TypedDict):
    """Every refusal, of every address under /api, in one shape."""

    error: Refused


_ALWAYS = {
    "400": "Something that was sent is refused; `field` names it. Nothing has changed.",
    "401": "Nobody is signed in, or the token is unknown, was revoked or has ended.",
    "403": "The person's role, or the token's scope, does not open this door.",
    "404": "There is nothing here, or it is not yours.",
    "406": "The API answers in JSON only.",
    "409": "It conflicts with what is there already. Nothing has changed.",
    "429": "Too many requests: come again after `Retry-After` seconds.",
    "500": "Something went wrong on our side: try again.",
    "503": "Something that we need is away for a moment: try again. Nothing is lost.",
}
_WITH_BODY = {
    "413": "The body, or the number of its files or fields, is too large.",
    "415": "The body is in none of the media types that are read here.",
}


def complete(result: dict[str, Any], generator, request, public: bool) -> dict[str, Any]:
    """A hook of drf-spectacular."""
    registry = ComponentRegistry()
    said = {"application/json": {"schema": schema_of(Error, registry)}}
    labels = schema_of(list[LabelDef], registry)
    schemas = result["components"]["schemas"] | registry.build({})["schemas"] | _answers() | {"Config": _config(labels)}
    result["components"]["schemas"] = dict(sorted(schemas.items()))
    refused = (_ALWAYS | _WITH_BODY).items()
    result["components"]["responses"] = {
        f"Error{status}": {"description": why, "content": said} for status, why in refused
    }
    for operations in result["paths"].values():
        for verb, operation in operations.items():
            known = _ALWAYS | ({} if verb == "get" else _WITH_BODY)  # who takes no body looks whether there is one
            refusals = {status: {"$ref": f"#/components/responses/Error{status}"} for status in known}
            operation["responses"] = dict(sorted((refusals | operation["responses"]).items()))
    return result


def _answers() -> dict[str, Any]:
    """What people answer is each task type's own: the schema.json in its folder."""
    each = {f"{_camel(name)}Answer": _schema_of_type(name) for name in task_types.NAMES}
    named = {f"Named{name}": _with_ids(schema) for name, schema in each.items()}
    one = "An answer, a decision or a known truth, in the shape of the project's task type"
    return {
        "AnswerValue": _any_of(each, f"{one}; a label by its id."),
        "NamedValue": _any_of(named, f"{one}; a label by its name, and beside it its id."),
        "TaskType": {"type": "string", "enum": list(task_types.NAMES)},
        **each,
        **named,
    }


def _config(labels: dict[str, Any]) -> dict[str, Any]:
    """Every setting that a task type has; what two types call by one name may be either."""
    each: dict[str, list[dict[str, Any]]] = {}
    for kind in task_types.every():
        for name, schema in kind.settings.items():
            said, known = plain(schema), each.setdefault(name, [])
            known += [] if said in known else [said]
    properties = {name: found[0] if len(found) == 1 else {"anyOf": found} for name, found in sorted(each.items())}
    return {
        "type": "object",
        "description": "The settings of a task type; which there are is the type's own.",
        "properties": {**properties, "labels": labels},
        "additionalProperties": False,
    }


def _camel(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("_"))


def _any_of(names: Iterable[str], said: str) -> dict[str, Any]:
    return {"anyOf": [{"$ref": f"#/components/schemas/{name}"} for name in names], "description": said}


def _with_ids(schema: Any) -> Any:
    """Wherever a label stands, its id may stand beside it."""
    if isinstance(schema, list):
        return [_with_ids(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    made = {key: _with_ids(inner) for key, inner in schema.items()}
    if "label" in made.get("properties", {}):
        made["properties"] |= {"label_id": {"type": "string"}}
    if "labels" in made.get("properties", {}):
        made["properties"] |= {"label_ids": {"type": "array", "items": {"type": "string"}}}
    return made


def _schema_of_type(name: str) -> dict[str, Any]:
    schema = dict(task_types.get(name).schema)
    schema.pop("$schema", None)
    return {"description": schema.pop("title", ""), **schema}
