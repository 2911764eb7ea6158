"""What an item is made of. Every item is read as parts here and nowhere else: a text and a picture are one part, a pair is two.

A part is {"id", "role", "kind"} with `text`, with `json`, or, where it is media, with `sha256` and its size; a page may have the `text`
that stands on it beside its picture. `meta` is the requester's own and leaves for nobody else. Parts are kept in `Item.payload`;
parts.schema.json beside this is the same as JSON Schema.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

ROLES = (
    "prompt", "system", "user", "assistant", "tool_call", "tool_result", "thought", "step", "source", "reference",
    "candidate", "left", "right", "page", "image", "audio", "video", "context",
)  # fmt: skip
TEXT_KINDS = ("text", "markdown", "code")
MEDIA_KINDS = ("image", "audio", "video", "page")
KINDS = (*TEXT_KINDS, "json", *MEDIA_KINDS)
FILE_KIND = {"page": "image"}  # what the file of such a part is; the others are what they are called
MAX_PARTS, MAX_PART_CHARS, MAX_CHARS = 200, 50_000, 200_000
RESERVED = ("same", "neither")  # answers that name no part
_ID = re.compile(r"[A-Za-z0-9_-]{1,40}\Z")
_KEYS = {"id", "role", "kind", "text", "json", "file", "url", "sha256", "meta"}
_FILES = ("file", "url", "sha256")
_SIZES = ("width_px", "height_px", "duration_ms")


class BadPart(ValueError):
    """Parts that cannot be taken: one sentence, a template as in BadSetting, and the part that is wrong (`parts[2].role`), which the
    sentence may name as {field}."""

    def __init__(self, message: str, field: str, /, **said: Any):
        super().__init__(message.format(field=field, **said))
        self.message = message
        self.field = field
        self.said = {"field": field, **said}


@dataclass(frozen=True)
class Asked:
    """The parts that a type's answers are about: of these roles, so many. `shuffled`: nothing but her own judgement may order them, so
    each loan shows them in an order of its own."""

    roles: frozenset[str]
    least: int = 1
    most: int = MAX_PARTS
    shuffled: bool = False

    def among(self, parts: Iterable[Mapping[str, Any]]) -> list[str]:
        """The ids of the parts that are asked about, in the item's own order."""
        return [part["id"] for part in parts if part["role"] in self.roles]


# --- reading ----------------------------------------------------------------------------------------------------------
def parts_of(payload: Mapping[str, Any], size: Mapping[str, int | None]) -> list[dict[str, Any]]:
    """The parts of an item, whenever it was brought; `size`: of one that is a file, by which a picture is told from a sound."""
    if "parts" in payload:
        return payload["parts"]
    if "left" in payload and "right" in payload:
        return [{"id": side, "role": side, "kind": "text", "text": str(payload[side])} for side in ("left", "right")]
    found = []
    known = {name: size[name] for name in _SIZES if size.get(name)}
    if known:
        kind = "audio" if "width_px" not in known else "video" if "duration_ms" in known else "image"
        found.append({"id": "media", "role": kind, "kind": kind, **known})
    if payload.get("text"):
        found.append({"id": "text", "role": "source", "kind": "text", "text": payload["text"]})
    return found


def has_files(payload: Mapping[str, Any]) -> bool:
    return any("sha256" in part for part in payload.get("parts", ()))


def text_of(payload: Mapping[str, Any]) -> str:
    """What an item says in one breath: for lists, and for whoever looks for words."""
    if "parts" not in payload:
        return payload.get("text", "")
    return " · ".join(text for part in payload["parts"] if (text := words_of(part)))


def words_of(part: Mapping[str, Any]) -> str:
    return part.get("text") or (str(part["json"]) if "json" in part else "")


# --- for whoever answers ----------------------------------------------------------------------------------------------
def shown_order(
    parts: Sequence[Mapping[str, Any]], asked: Asked | None, lease: str, repeats: str | None = None
) -> list[str] | None:
    """The order in which this loan shows the parts that are asked about; None where their own order is shown.

    Made of the loan's own random id, so that it is the same however often the task is fetched, and any order is as likely. A loan that
    repeats another shows them the other way round.
    """
    if asked is None or not asked.shuffled or len(ids := asked.among(parts)) < 2:
        return None
    order = sorted(ids, key=lambda part: hashlib.sha256(f"{repeats or lease}/{part}".encode()).digest())
    return order[::-1] if repeats else order


def arranged(parts: Sequence[Mapping[str, Any]], order: Sequence[str] | None) -> list[dict[str, Any]]:
    """The parts with those of `order` in it, each in a place of theirs; the others stay where they are."""
    if not order:
        return [dict(part) for part in parts]
    by_id, coming = {part["id"]: part for part in parts}, iter(order)
    return [dict(by_id[next(coming)] if part["id"] in order else part) for part in parts]


def without_private(part: Mapping[str, Any]) -> dict[str, Any]:
    """A part as who answers may see it: the requester's own notes, and what the file is called, may give the answer away; its size is
    told with its file."""
    return {name: part[name] for name in ("id", "role", "kind", "text", "json") if name in part}


# --- checking ---------------------------------------------------------------------------------------------------------
def checked_parts(given: Any) -> list[dict[str, Any]]:
    """Parts as they were sent, completed: an id each, the kind that their content has. Raises BadPart, which names the part."""
    if not isinstance(given, list) or not 1 <= len(given) <= MAX_PARTS:
        raise BadPart("parts must be a list of 1 to {most} parts.", "parts", most=MAX_PARTS)
    found = [_checked(part, place) for place, part in enumerate(given)]
    check_together(found)
    return found


def check_together(found: Sequence[Mapping[str, Any]]) -> None:
    """What parts must be beside each other; of a document, its pages are counted."""
    if len(found) > MAX_PARTS:
        raise BadPart(
            "parts are {n} with the pages of their files: at most {most} are taken.",
            "parts",
            n=len(found),
            most=MAX_PARTS,
        )
    ids = [part["id"] for part in found]
    if twice := next((one for one in ids if ids.count(one) > 1), None):
        raise BadPart(
            "parts: two parts have the id {id}: every part needs its own.", f"parts[{ids.index(twice)}].id", id=twice
        )
    if sum(len(words_of(part)) for part in found) > MAX_CHARS:
        raise BadPart(
            "parts hold more than {most} characters in all: at most so many are taken.", "parts", most=f"{MAX_CHARS:,}"
        )


def _checked(part: Any, place: int) -> dict[str, Any]:
    field = f"parts[{place}]"
    if not isinstance(part, dict):
        raise BadPart(
            "{field} must be an object, for example {example}.", field, example='{"role": "prompt", "text": "…"}'
        )
    if strange := sorted(part.keys() - _KEYS):
        raise BadPart(
            "{field} is not known: a part has {choices}.", f"{field}.{strange[0]}", choices=", ".join(sorted(_KEYS))
        )
    _one_of(part.get("role"), ROLES, f"{field}.role")
    made = {"id": _id(part, place, field), "role": part["role"], "kind": _kind(part, field)}
    if made["kind"] in MEDIA_KINDS:
        made |= {name: part[name] for name in (*_FILES, "text") if part.get(name)}
    elif made["kind"] == "json":
        made["json"] = part["json"]
    else:
        made["text"] = part["text"]
    if len(words_of(made)) > MAX_PART_CHARS:
        raise BadPart(
            "{field} has more than {most} characters: at most so many are taken.", field, most=f"{MAX_PART_CHARS:,}"
        )
    if part.get("meta") not in (None, {}):
        if not isinstance(part["meta"], dict):
            raise BadPart("{field} must be an object.", f"{field}.meta")
        made["meta"] = part["meta"]
    return made


def _id(part: Mapping[str, Any], place: int, field: str) -> str:
    given = part.get("id", f"p{place + 1}")
    if not isinstance(given, str) or not _ID.match(given) or given in RESERVED:
        raise BadPart(
            "{field} must be 1 to 40 letters, digits, - or _, and none of {reserved}.",
            f"{field}.id",
            reserved=", ".join(RESERVED),
        )
    return given


def _kind(part: Mapping[str, Any], field: str) -> str:
    """What its content is; what it is called must fit that."""
    paged = part.get("kind") == "page" and any(part.get(name) for name in _FILES)  # its text stands beside its picture
    named = (*_FILES, "text", "json") if paged else ("text", "json", *_FILES)
    contents = [name for name in named if part.get(name) is not None]
    alone = {"json"} if paged else {"text", "json"}
    if not contents or (alone & set(contents) and len(contents) > 1):
        raise BadPart("{field} must hold one of text, json, file or url.", field)
    content = contents[0]
    for name in contents:
        if name != "json" and not isinstance(part[name], str):
            raise BadPart("{field} must be text.", f"{field}.{name}")
    if "text" in contents and not part["text"].strip():
        raise BadPart("{field} is empty: leave the part out, or say what it is.", f"{field}.text")
    usual = content if content in ("text", "json") else part["role"] if part["role"] in MEDIA_KINDS else "image"
    kind = part.get("kind", usual)
    allowed = {"text": TEXT_KINDS, "json": ("json",)}.get(content, MEDIA_KINDS)
    _one_of(kind, allowed, f"{field}.kind")
    return kind


def _one_of(value: Any, allowed: Sequence[str], field: str) -> None:
    if value not in allowed if isinstance(value, str) else True:
        raise BadPart("{field} must be one of {choices}.", field, choices=", ".join(allowed))


def check_asked(parts: Sequence[Mapping[str, Any]], asked: Asked | None) -> None:
    """Whether an item has what its type asks about."""
    if asked is None or asked.least <= len(asked.among(parts)) <= asked.most:
        return
    raise _so_many(asked.least, asked.most, "/".join(sorted(asked.roles)), len(asked.among(parts)))


def _so_many(least: int, most: int, role: str, n: int) -> BadPart:
    said = {"least": least, "most": most, "role": role, "n": n}
    if least == most:
        return BadPart("parts must hold {least} of the role {role}: here are {n}.", "parts", **said)
    if most == MAX_PARTS:
        return BadPart("parts must hold at least {least} of the role {role}: here are {n}.", "parts", **said)
    return BadPart("parts must hold {least} to {most} of the role {role}: here are {n}.", "parts", **said)


def check_expected(parts: Sequence[Mapping[str, Any]], expects: Mapping[str, Mapping[str, Any]]) -> None:
    """Whether an item has the roles that its project expects, of each as many, and of these kinds: {role: {"least", "most", "kinds"}}."""
    for role, rule in expects.items():
        places = [place for place, part in enumerate(parts) if part["role"] == role]
        least, most = rule.get("least", 1), rule.get("most", MAX_PARTS)
        if not least <= len(places) <= most:
            raise _so_many(least, most, role, len(places))
        for place in places if "kinds" in rule else ():
            _one_of(parts[place]["kind"], rule["kinds"], f"parts[{place}].kind")
