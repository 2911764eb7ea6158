"""A row made an item of parts: from a list of parts, from the messages of a chat, or from one column a part."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from intake.models import Media
from labelling import task_types
from labelling.data.add_items import clean_path
from labelling.data.columns import is_media_file
from labelling.data.reading import PART_COLUMNS, part_role
from labelling.formats.rows import BadRow, Row
from labelling.models import Project
from labelling.task_types.parts import FILE_KIND, MEDIA_KINDS, BadPart, check_asked, checked_parts, parts_of_messages
from people.strict_json import read_json
from proofs import canonical_bytes, sha256_hex

Bring = Callable[[str], tuple[Media, str]]  # a file by its name or address: what it became, and what it was called
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
    """(parts as they are kept, the Media of each that is a file by its id). Raises BadRow, which names the part."""
    try:
        parts = checked_parts(_given(row, meant))
        media = {part["id"]: _kept(project, part, place, bring) for place, part in enumerate(parts) if _is_file(part)}
        check_asked(parts, task_types.get(project.task_type).asked)
    except BadPart as bad:
        raise BadRow(bad.field, str(bad)) from bad
    return parts, media


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
        raise BadPart("parts", "There are no parts: the row needs parts, messages, or a column for each part.")
    return found


def _is_part(role: str, value: Any) -> bool:
    return role in PART_COLUMNS and value not in (None, "")


def _json(given: Any, field: str) -> Any:
    if not isinstance(given, str):
        return given
    try:
        return read_json(given)
    except ValueError:
        raise BadPart(field, f"{field} is no JSON.") from None


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


def _kept(project: Project, part: dict[str, Any], place: int, bring: Bring) -> Media:
    """The file of a part, stored; the part then says what it is, and no more where it lay."""
    given, name = part.pop("sha256", None), part.pop("url", None) or part.pop("file", None)
    part.pop("file", None)
    known = Media.objects.filter(organisation_id=project.organisation_id, sha256=given).first() if given else None
    if known is None and not name:
        raise BadPart(f"parts[{place}].sha256", f"parts[{place}].sha256 is no file that you sent.")
    media, file_name = (known, clean_path(name or "")) if known else bring(name)
    wanted = FILE_KIND.get(part["kind"], part["kind"])
    if media.kind != wanted:
        raise BadPart(f"parts[{place}].kind", f"parts[{place}].kind is {part['kind']}, and its file is {media.kind}.")
    part |= {"sha256": media.sha256} | {size: getattr(media, size) for size in _SIZES if getattr(media, size)}
    if file_name:
        part["file_name"] = file_name
    return media
