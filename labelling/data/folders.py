"""Files whose folders are labels of the project (ImageFolder): what each is, is said by where it lies."""

from __future__ import annotations

from collections.abc import Iterator

from labelling.data.columns import is_media_file, with_meaning
from labelling.data.files import Entry
from labelling.data.reading import Reading
from labelling.data.tables import Table
from labelling.formats import FORMATS
from labelling.formats.own import DECISION
from labelling.formats.rows import Refused, Row
from labelling.formats.stated import Statements
from labelling.models import Project, Upload
from labelling.task_types.drawing import Drawing
from labelling.task_types.label_names import label_finder

Rows = Iterator[Row | Refused]


def in_folders(rows: Rows, found: list[Entry], upload: Upload) -> Rows:
    """The rows as they are, unless every picture, sound or clip lies in a folder of a label, and these are several: then what they become
    is asked. A README beside them lies where it likes."""
    project = upload.dataset.project
    for one in FORMATS.values():
        if one.folder and one.fits(project.task_type, project.medium):
            stated = {
                entry.name: one.folder(entry.name) for entry in found if not entry.refused and is_media_file(entry.name)
            }
            if _are_labels(set(stated.values()), project):
                table = Table(_stating(rows, stated), one.name, says_meaning=True)
                return with_meaning(table, project.medium, Reading.of(upload.reading))
    return rows


def _are_labels(names: set[str], project: Project) -> bool:
    find = label_finder(project.config)
    return len({find(name) for name in names} - {None}) > 1 and all(map(find, names))


def _stating(rows: Rows, stated: dict[str, str]) -> Rows:
    for row in rows:
        if isinstance(row, Row) and (folder := stated.get(row.cells["file"])):
            row.cells |= {DECISION: Statements((("folder", Drawing(labels=[folder])),))}
        yield row
