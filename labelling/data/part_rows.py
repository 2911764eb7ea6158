"""A row made an item of parts: from a list of parts, from the messages of a chat, or from one column a part."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from intake.models import Media
from labelling import task_types
from labelling.data.add_items import clean_path
from labelling.data.columns import is_media_file
from labelling.data.reading import PART_COLUMNS, part_role
from labelling.formats.rows import BadRow, Note, Row
from labelling.models import Project
from labelling.task_types.chats import parts_of_messages
from labelling.task_types.parts import (
    FILE_KIND,
    MEDIA_KINDS,
    BadPart,
    check_asked,
    check_expected,
    check_together,
    checked_parts,
)
from people.strict_json import read_json
from proofs import canonical_bytes, sha256_hex


@dataclass(frozen=True)
class Brought:
    """A file as it was stored, or a page of one that is a document, and what it was called."""

    media: Media
    file_name: str
    text: str = ""  # what stands on the page


# (name or address, whether a page is meant): the file, or the pages of the document that it is; and what is to be said of it.
Bring = Callable[[str, bool], tuple[list[Brought], list[str]]]
_SIZES = ("width_px", "height_px", "duration_ms")


def meant_by(row: Row) -> tuple[list[tuple[str, str]], dict[str, Any]]:
    """(which column means what, the others): as was said, or by their names. Several columns may be candidates, or steps."""
    if row.plan is not None:
        taken = row.plan.ignored.union(name for _, name in row.plan.meant)
        meant = [(role, name) for role, name in row.plan.meant if name in row.cells]
        meant += [("metadata", "metadata")] if isinstance(row.cells.get("metadata"), dict) else []
        return meant, _others(row, taken | {name for _, name in meant})
    meant = [(role, name) for name in row.cells if (role := part_role(name))]
    return meant, _others(row, {name for _, name in meant})


def _others(row: Row, taken: set[str] | frozenset[str]) -> dict[str, Any]:
    return {name: value for name, value in row.cells.items() if name not in taken and value not in ("", None)}


def parts_of_row(project: Project, row: Row, meant: list[tuple[str, str]], bring: Bring):
    """(parts as they are kept, the Media of each that is a file by its id, notes). Raises BadRow, which names the part."""
    try:
        return completed_parts(project, _given(row, meant), bring)
    except BadPart as bad:
        raise BadRow(bad.field, str(bad)) from bad


def completed_parts(
    project: Project, given: Any, bring: Bring
) -> tuple[list[dict[str, Any]], dict[str, Media], list[Note]]:
    """Parts as they were sent, as they are kept, with their files and what is to be said of these. Raises BadPart."""
    parts: list[dict[str, Any]] = []
    media: dict[str, Media] = {}
    notes: list[Note] = []
    for place, part in enumerate(checked_parts(given)):
        found, said = _kept(project, part, place, bring) if _is_file(part) else ([(part, None)], [])
        parts += [one for one, _ in found]
        media |= {one["id"]: file for one, file in found if file}
        notes += said
    check_together(parts)
    check_asked(parts, task_types.get(project.task_type).asked)
    check_expected(parts, project.expects)
    return parts, media, notes


def content_of(parts: list[dict[str, Any]]) -> str:
    """The hash by which the same content is the same item: not what its files are called, nor what is noted of them."""
    told = [{name: part[name] for name in part if name not in ("meta", "file_name")} for part in parts]
    return sha256_hex(canonical_bytes({"parts": told}))


def _given(row: Row, meant: list[tuple[str, str]]) -> list[Any]:
    said = {role: row.cells[name] for role, name in meant}
    found = [
        {"role": role, **_content(row.cells[name], role)} for role, name in meant if _is_part(role, row.cells[name])
    ]
    if (parts := said.get("parts")) not in (None, ""):
        listed = _json(parts, "parts")
        return [*listed, *found] if isinstance(listed, list) else listed
    if (messages := said.get("messages")) not in (None, ""):
        return [*parts_of_messages(_json(messages, "messages")), *found]
    if not found:
        raise BadPart("There are no parts: the row needs parts, messages, or a column for each part.", "parts")
    return found


def _is_part(role: str, value: Any) -> bool:
    return role in PART_COLUMNS and value not in (None, "")


def _json(given: Any, field: str) -> Any:
    if not isinstance(given, str):
        return given
    try:
        return read_json(given)
    except ValueError:
        raise BadPart("{field} is no JSON.", field) from None


def _content(value: Any, role: str) -> dict[str, Any]:
    """A cell is a text, unless it is called a file, or names one."""
    if not isinstance(value, str):
        return {"json": value}
    is_address = "://" in value and len(value.split()) == 1
    if is_media_file(value) or (role in MEDIA_KINDS and "\n" not in value):
        return {"file": value.strip()}
    if is_address and is_media_file(value.partition("?")[0].rpartition("/")[2]):
        return {"url": value.strip()}
    return {"text": value}


def _is_file(part: Mapping[str, Any]) -> bool:
    return part["kind"] in MEDIA_KINDS


def _kept(project: Project, part: dict[str, Any], place: int, bring: Bring):
    """(the parts that it is, each with its file; notes): a document is as many as it has pages. A part says what its file is, and
    no more where it lay."""
    given, name = part.pop("sha256", None), part.pop("url", None) or part.pop("file", None)
    part.pop("file", None)
    known = Media.objects.filter(organisation_id=project.organisation_id, sha256=given).first() if given else None
    if known is None and not name:
        raise BadPart("{field} is no file that you sent.", f"parts[{place}].sha256")
    found, notes = ([Brought(known, clean_path(name or ""))], []) if known else bring(name, part["kind"] == "page")
    if len(found) == 1 and not found[0].text:
        return [_of_file(part, place, found[0])], notes
    return [_of_file(_page(part, number), place, one) for number, one in enumerate(found, 1)], notes


def _page(part: dict[str, Any], number: int) -> dict[str, Any]:
    """A page of the document that the part named."""
    if part["kind"] not in FILE_KIND and part["kind"] != "image":
        return part
    return {**part, "id": f"{part['id'][:34]}-{number}", "kind": "page"}


def _of_file(part: dict[str, Any], place: int, one: Brought) -> tuple[dict[str, Any], Media]:
    media, wanted = one.media, FILE_KIND.get(part["kind"], part["kind"])
    if media.kind != wanted:
        raise BadPart(
            "{field} is {given}, and its file is {found}.", f"parts[{place}].kind", given=part["kind"], found=media.kind
        )
    part |= {"sha256": media.sha256} | {size: getattr(media, size) for size in _SIZES if getattr(media, size)}
    part |= {name: said for name, said in (("file_name", one.file_name), ("text", one.text)) if said}
    return part, media
