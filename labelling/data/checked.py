"""A row made an item: the columns that mean something are checked, all others become metadata."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from intake.models import Media
from intake.pages import pages_of
from labelling import task_types
from labelling.data import part_rows, span_marks
from labelling.data.add_items import kept_text, text_hash
from labelling.data.columns import Plan
from labelling.data.named import Named, named_before
from labelling.data.sources import Fetch, NoFile
from labelling.data.stored import fetched, store_for
from labelling.data.told import TRUTH_OF, answer_of, take_beside
from labelling.formats import EXPORTS
from labelling.formats.outlines import Marks
from labelling.formats.rows import BadRow, BadTable, Note, Row
from labelling.formats.stated import Stated, Statements
from labelling.formats.stretches import Stretches
from labelling.models import Project
from labelling.task_types.drawing import Drawing, Place, Span
from labelling.task_types.errors import BadAnswer
from labelling.task_types.label_names import label_finder, set_in, with_ids
from labelling.task_types.questions import question_of, size_of
from labelling.task_types.task_type import TaskType
from people.strict_json import read_json

TEXT_SIGNS = 50_000
CELL_SIGNS, ROW_SIGNS = 5_000, 20_000
ID_SIGNS = 200
# The columns that mean something, by medium; all others are metadata.
_ALWAYS = frozenset(("id", "gold", "truth", "explanation", "metadata"))
TEXT_COLUMNS, MEDIA_COLUMNS = _ALWAYS | {"text"}, _ALWAYS | {"url", "file"}
_EMPTY = (None, "")
_KIND_UNKNOWN = (
    "The file says which step is wrong, and this project also asks of what kind and how bad: it is asked anew."
)


@dataclass(slots=True)
class NewItem:
    row: Row
    content_hash: str
    payload: dict[str, Any]
    external_id: str
    metadata: dict[str, Any]
    media_id: int | None = None
    gold: dict[str, Any] | None = None
    suggestion: dict[str, Any] | None = None
    confidence_ppm: int = 0  # of the suggestion, where it is said
    explanation: str = ""
    file_name: str = ""
    remarks: tuple[Note, ...] = ()
    part_media: dict[str, int] = field(default_factory=dict)  # ids of Media by the part that each is the file of


Told = Callable[[int, int], None]  # how many pages of a document are done, and of how many


def checker(project: Project, fetch: Fetch | None, told: Told = lambda done, total: None) -> Callable[[Row], NewItem]:
    """The function that makes an item of a row, or raises BadRow. told: called for each page of a document."""
    if project.medium == "text":
        marked = task_types.get(project.task_type).draws is Span
        return lambda row: _text_item(project, row, marked)
    if project.medium == "parts":
        return lambda row: _parts_item(project, row, partial(_brought, project, fetch, told))
    return lambda row: _media_item(project, row, _by_meaning(row, MEDIA_COLUMNS, "file"), fetch)


def _by_meaning(row: Row, special: frozenset[str], only: str) -> dict[str, Any]:
    """The special cells under their lower-case names, all others in `metadata`."""
    cells = row.cells
    if row.plan is None:
        columns, others = _plan(tuple(cells), special, only)
    else:
        columns, others = _as_said(row.plan, cells)
    meant = {key: cells[name] for key, name in columns}
    metadata = {name: cells[name] for name in others if cells[name] not in ("", None)}
    given = meant.get("metadata")
    if isinstance(given, dict):
        metadata = {**given, **metadata}
    elif given not in ("", None):
        metadata["metadata"] = given
    _check_metadata(metadata)
    meant["metadata"] = metadata
    return meant


def _as_said(plan: Plan, cells: dict[str, Any]) -> tuple[list[tuple[str, str]], list[str]]:
    columns = [(role, name) for role, name in plan.meant if name in cells]
    columns += [("metadata", "metadata")] if isinstance(cells.get("metadata"), dict) else []
    taken = plan.ignored.union(name for _, name in columns)
    return columns, [name for name in cells if name not in taken]


@lru_cache(maxsize=256)
def _plan(names: tuple[str, ...], special: frozenset[str], only: str) -> tuple[list[tuple[str, str]], list[str]]:
    """Which column means what; the only column there is, is `only`, whatever its name."""
    if len(names) == 1 and names[0].strip().lower() not in TEXT_COLUMNS | MEDIA_COLUMNS:
        return [(only, names[0])], []
    columns: dict[str, str] = {}
    for name in names:
        key = name if name in special else name.strip().lower()
        if key in special and (key == name or key not in names):
            columns.setdefault(key, name)
    taken = set(columns.values())
    return list(columns.items()), [name for name in names if name not in taken]


def _check_metadata(metadata: dict[str, Any]) -> None:
    whole = 0
    for name, value in metadata.items():
        if isinstance(value, str):
            signs = len(value)
        else:
            signs = len(json.dumps(value)) if isinstance(value, dict | list) else 1
        whole += signs
        if signs > CELL_SIGNS or whole > ROW_SIGNS:
            raise BadRow(
                name[:80], f"A cell may have {CELL_SIGNS:,} signs, all metadata of a row {ROW_SIGNS:,}: this is more."
            )


A_CHAT = "This is a chat, or another item of several parts: it is labelled in a project on those."


def _is_of_parts(row: Row) -> bool:
    """Whether it would be an item in a project that takes several parts."""
    own = any(isinstance(row.cells.get(name), list) for name in ("parts", "messages"))
    return own or any(one.parts_of and one.parts_of(row.cells) for one in EXPORTS.values())


def _text_item(project: Project, row: Row, marked: bool) -> NewItem:
    """marked: answers are marks in the text. They count from the text as it was sent, so nothing is taken off it."""
    drawing = span_marks.drawn_in(row.cells) if marked else None
    cells = _by_meaning(row, TEXT_COLUMNS, "text")
    text = cells.get("text")
    if not isinstance(text, str):
        raise BadRow("text", A_CHAT if _is_of_parts(row) else "There is no text: the table needs a column named text.")
    if not text.strip():
        raise BadRow("text", "The text is empty.")
    text = kept_text(project, text)
    if len(text) > TEXT_SIGNS:
        raise BadRow("text", f"The text has {len(text):,} signs: at most {TEXT_SIGNS:,} are taken.")
    item = NewItem(row, text_hash(text), {"text": text}, _external_id(cells, ""), cells["metadata"])
    given = cells.get("gold")
    if given in _EMPTY or isinstance(given, Drawing):
        cells["gold"], notes = span_marks.gold_of(given or drawing, text, project)
        item.remarks = tuple(notes)
    return _with_gold(project, item, cells, lambda: question_of(project.config, item.payload))


def _media_item(project: Project, row: Row, cells: dict[str, Any], fetch: Fetch | None) -> NewItem:
    name = cells.get("file") or cells.get("url")
    if not isinstance(name, str) or not name.strip():
        raise BadRow(
            "file", "There is no file: the table needs a column named url, or file for a file of the same zip."
        )
    name = name.strip()
    found = _found(project, row, name, cells, fetch)
    media, file_name = found.media, found.file_name
    if media.kind != project.medium:
        raise BadRow("file", f"This is {media.kind}, the project takes {project.medium}.")
    external_id = _external_id(cells, found.external_id)
    metadata = cells["metadata"] | _addresses(cells, external_id)
    item = NewItem(row, media.sha256, {}, external_id, metadata, media.pk, file_name=file_name)
    item.remarks = tuple(("file", note) for note in media.notes)
    take_beside(project, row.marks, cells)
    for role in ("gold", "suggestion"):
        stated = cells.get(role)
        if isinstance(stated, Stated):
            cells[role], notes = TRUTH_OF[type(stated)](stated, media, project)
            item.remarks = (*notes, *item.remarks)
    return _with_gold(project, item, cells, lambda: question_of(project.config, {}, **size_of(media)), media)


def _parts_item(project: Project, row: Row, bring: part_rows.Bring) -> NewItem:
    meant, metadata = part_rows.meant_by(row)
    parts, media, notes = part_rows.parts_of_row(project, row, meant, bring)
    cells = {role: row.cells[name] for role, name in meant if role not in part_rows.PART_COLUMNS}
    given = cells.get("metadata")
    metadata = {**given, **metadata} if isinstance(given, dict) else metadata
    _check_metadata(metadata)
    item = NewItem(row, part_rows.content_of(parts), {"parts": parts}, _external_id(cells, ""), metadata)
    item.part_media = {part: one.pk for part, one in media.items()}
    item.remarks = tuple(("file", note) for note in [*notes, *(note for one in media.values() for note in one.notes)])
    for role in ("gold", "suggestion"):
        if isinstance(cells.get(role), Drawing):
            cells[role] = _of_parts(project, item, cells[role])
            if cells[role] is None:
                item.remarks = (*item.remarks, (role, _KIND_UNKNOWN))
    return _with_gold(project, item, cells, lambda: question_of(project.config, item.payload))


def _of_parts(project: Project, item: NewItem, states: Drawing) -> dict[str, Any] | None:
    """The answer that a file states of the parts of a row; None where the project asks for more than the file knows."""
    kind, question = task_types.get(project.task_type), question_of(project.config, item.payload)
    if states.order is not None and kind.order is not None:
        return kind.order.of_order(states.order, question)
    if states.shapes is not None and kind.steps is not None:
        return kind.steps.of_steps(states.shapes, question)
    what = "which part is better" if states.order is not None else "which part is wrong"
    raise BadRow(
        "gold", f"This project's answers do not say {what}: leave out what the file states, or import it anew."
    )


def _addresses(cells: dict[str, Any], external_id: str) -> dict[str, Any]:
    """The address of the row, unless the item bears it as its name: beside a file it is fetched by nobody, and still hers."""
    url = cells.get("url")
    return {"url": url} if url not in (None, "", external_id) else {}


def _found(project: Project, row: Row, name: str, cells: dict[str, Any], fetch: Fetch | None) -> Named:
    """What came along under this name, or came earlier: the labels of pictures may come after them."""
    ours, given = row.plan is not None and row.plan.ours, str(cells.get("id") or "")
    if ours and (before := named_before(project, name, given, ours=True)):
        return before
    try:
        return Named(*_stored(project, name, fetch), name)
    except (NoFile, BadTable) as missing:
        if before := named_before(project, name, given):
            if isinstance(cells.get("gold"), Marks | Stretches):
                cells["id"] = ""  # the number of a picture in a file of marks; its name she gave before
            return before
        if isinstance(missing, BadTable) and project.items.exists():
            raise BadRow("file", f"No file named {name[:120]} came along, and none came earlier.") from missing
        raise


def _stored(project: Project, name: str, fetch: Fetch | None) -> tuple[Media, str]:
    """The media and its name as the requester sent it."""
    with fetched(name, fetch) as (path, shown):
        return _kept(project, path, shown), shown


def _brought(
    project: Project, fetch: Fetch | None, told: Told, name: str, as_page: bool
) -> tuple[list[part_rows.Brought], list[str]]:
    """The same for a part: of a document each page, as a picture with the text that stands on it."""
    with fetched(name, fetch) as (path, shown), pages_of(path, of_pictures=as_page) as (pages, notes):
        if not pages:
            return [part_rows.Brought(_kept(project, path, shown), shown)], notes
        found = []
        for number, page in enumerate(pages, 1):
            found.append(part_rows.Brought(_kept(project, page.path, shown), shown, page.text))
            told(number, len(pages))
        return found, notes


def _kept(project: Project, path: Path, shown: str) -> Media:
    with path.open("rb") as file:
        return store_for(project, file, shown)


def names_address(row: Row) -> bool:
    return any(isinstance(cell, str) and "://" in cell for cell in row.cells.values())


def _external_id(cells: dict[str, Any], otherwise: str) -> str:
    given = cells.get("id")
    if given is None or given == "":
        return "".join(sign for sign in otherwise if sign.isprintable())[:ID_SIGNS]
    if isinstance(given, bool) or not isinstance(given, str | int | float):
        raise BadRow("id", "The id must be a text or a number.")
    if len(str(given)) > ID_SIGNS:
        raise BadRow("id", f"The id is longer than {ID_SIGNS} signs.")
    return str(given)


# --- gold -------------------------------------------------------------------------------------------------------------
def _with_gold(
    project: Project, item: NewItem, cells: dict[str, Any], question: Callable[[], dict], media: Media | None = None
) -> NewItem:
    """The item with its known answer, checked by the task type like any answer. What of these columns means nothing here
    (a truth beside a gold, an explanation of no gold) stays as metadata."""
    for role in ("gold", "suggestion"):
        if isinstance(told := cells.get(role), Statements):
            cells[role], notes = answer_of(told, media, project, question())
            item.remarks = (*notes, *item.remarks)
    if cells.get("suggestion") not in _EMPTY:
        item.suggestion = _answer(project, "suggestion", cells["suggestion"], question)
        item.confidence_ppm = _ppm(cells.get("confidence_ppm"))
    gold, truth, explanation = cells.get("gold"), cells.get("truth"), cells.get("explanation")
    if gold in _EMPTY and truth in _EMPTY and explanation in _EMPTY:
        return item
    given, beside = (truth, None) if gold in _EMPTY else (gold, truth)
    if beside not in _EMPTY:
        item.metadata["truth"] = beside
    if given in _EMPTY:
        item.metadata |= {} if explanation in _EMPTY else {"explanation": explanation}
        return item
    item.gold = _answer(project, "gold", given, question)
    item.explanation = str(explanation or "")[:CELL_SIGNS]
    return item


def _answer(project: Project, role: str, given: Any, question: Callable[[], dict]) -> dict[str, Any]:
    kind = task_types.get(project.task_type)
    try:
        if isinstance(given, Place):
            given = _of_place(kind, given, question())
        return kind.parse(_gold_value(project, given), question())
    except BadAnswer as bad:
        raise BadRow(role, str(bad).replace("value", role, 1)) from bad


def _of_place(kind: TaskType, place: Place, question: dict) -> dict[str, Any]:
    if kind.place is None:
        raise BadRow("gold", "This project's answers are no places: leave out what the file states.")
    return kind.place.of_place(place, question)


def _ppm(given: Any) -> int:
    text = str(given)
    return min(int(text), 1_000_000) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def _gold_value(project: Project, given: Any) -> Any:
    """An answer from a cell: JSON, or the one thing that the answer is; a label by its name or its id."""
    short, find = task_types.get(project.task_type).scalar, label_finder(project.config)
    if isinstance(given, str) and given.lstrip().startswith(("{", "[")):
        try:
            read = read_json(given)
            return with_ids({short: read} if isinstance(read, list) and short else read, find)
        except ValueError:
            if short is None:
                raise BadRow("gold", "The gold answer is no JSON.") from None
    if isinstance(given, dict) or short is None:
        return with_ids(given, find)
    if short == "labels":
        return with_ids({short: set_in(given, find) if isinstance(given, str) else given}, find)
    if isinstance(given, list) and len(given) == 1:  # doccano writes one class as a list of one
        [given] = given
    return {short: (find(given) or given) if short == "label" else given}
