"""The shape of an answer as a TypedDict: a component of the document, with its docstring as the description."""

import types
import uuid
from datetime import date, datetime
from functools import cache
from typing import (
    Annotated,
    Any,
    Literal,
    NotRequired,
    TypedDict,
    Union,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

from drf_spectacular.extensions import OpenApiSerializerExtension, OpenApiSerializerFieldExtension
from drf_spectacular.plumbing import ResolvedComponent

from api.contract.fields import Checked
from api.contract.requests import Fields

_PLAIN: dict[Any, dict[str, Any]] = {
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
    str: {"type": "string"},
    datetime: {"type": "string", "format": "date-time"},
    date: {"type": "string", "format": "date"},
    uuid.UUID: {"type": "string", "format": "uuid"},
    bytes: {"type": "string", "format": "binary"},
    type(None): {"type": "null"},
    dict: {"type": "object", "additionalProperties": True},
    Any: {},
}


class Ref(str):
    """In `Annotated`: a component that api.contract.document makes. Any other text there is a description."""


@cache
def page_of(shape: type) -> type:
    """{"results": [shape], "next", "previous"}: a page of a list."""
    fields = {"results": list[shape], "next": str | None, "previous": str | None}  # type: ignore[valid-type]
    return TypedDict(f"{shape.__name__}Page", fields)  # type: ignore[operator, no-any-return]


def schema_of(shape: Any, registry) -> dict[str, Any]:
    """JSON Schema of a type hint; what it names is registered, and referred to."""
    if shape in _PLAIN:
        return dict(_PLAIN[shape])
    if is_typeddict(shape):
        return _component(shape, registry)
    origin, inner = get_origin(shape), get_args(shape)
    if origin is Annotated:
        return _annotated(schema_of(inner[0], registry), inner[1])
    if origin is Literal:
        return {"type": "string", "enum": list(inner)} if isinstance(inner[0], str) else {"enum": list(inner)}
    if origin in (Union, types.UnionType):
        return _one_of([schema_of(one, registry) for one in inner])
    if origin is list:
        return {"type": "array", "items": schema_of(inner[0], registry)}
    if origin is dict:
        return {"type": "object", "additionalProperties": schema_of(inner[1], registry)}
    raise TypeError(f"{shape} is no shape of an answer")


def _annotated(schema: dict[str, Any], said: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{said}"} if isinstance(said, Ref) else schema | {"description": said}


def _one_of(schemas: list[dict[str, Any]]) -> dict[str, Any]:
    """`str | None` is one type that may be null; what is referred to cannot be said that way."""
    *first, last = schemas
    if len(first) == 1 and last == {"type": "null"} and isinstance(first[0].get("type"), str):
        nullable = {**first[0], "type": [first[0]["type"], "null"]}
        return nullable | ({"enum": [*nullable["enum"], None]} if "enum" in nullable else {})
    return {"oneOf": schemas}


def _component(shape: Any, registry) -> dict[str, Any]:
    component = ResolvedComponent(
        name=shape.__name__, type=ResolvedComponent.SCHEMA, object=shape, schema={"type": "object"}
    )
    if component not in registry:
        registry.register(component)
        component.schema = object_of(shape, registry)
    return dict(component.ref)


def object_of(shape: Any, registry) -> dict[str, Any]:
    properties, required = {}, []
    for name, hint in get_type_hints(shape, include_extras=True).items():
        optional = get_origin(hint) is NotRequired
        properties[name] = schema_of(get_args(hint)[0] if optional else hint, registry)
        if not optional:
            required.append(name)
    made = {"type": "object", "properties": properties, "required": required, "additionalProperties": False}
    own = shape.__doc__ if "__doc__" in vars(shape) or shape.__doc__ != dict.__doc__ else None
    return made | ({"description": " ".join(own.split())} if own else {})


class ShapeExtension(OpenApiSerializerExtension):
    """For drf-spectacular, which knows serializers."""

    target_class = dict

    @classmethod
    def _matches(cls, target: Any) -> bool:
        return is_typeddict(target)

    def get_name(self, auto_schema, direction) -> str:
        return self.target.__name__

    def get_identity(self, auto_schema, direction) -> Any:
        return self.target

    def map_serializer(self, auto_schema, direction) -> dict[str, Any]:
        return object_of(self.target, auto_schema.registry)


class FieldsExtension(OpenApiSerializerExtension):
    """What a request may hold is all that it may hold."""

    target_class = Fields
    match_subclasses = True

    def map_serializer(self, auto_schema, direction) -> dict[str, Any]:
        kind = self.target if isinstance(self.target, type) else type(self.target)
        schema = auto_schema._map_serializer(self.target, direction, bypass_extensions=True)
        schema |= {"properties": schema.get("properties", {}), "additionalProperties": False}
        if not vars(kind).get("__doc__"):
            schema.pop("description", None)  # of the class that it is made from
        return schema


class CheckedExtension(OpenApiSerializerFieldExtension):
    target_class = Checked

    def map_serializer_field(self, auto_schema, direction) -> dict[str, Any]:
        return schema_of(self.target.shape, auto_schema.registry)
