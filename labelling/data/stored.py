"""A file of a requester's, kept for her project: made safe, with whatever helps to answer her question about it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from intake import remote
from intake.aids import add_aids
from intake.errors import Unsafe
from intake.media import store
from intake.models import Media
from labelling.data.add_items import clean_path
from labelling.data.sources import Fetch
from labelling.formats.rows import BadRow, BadTable
from labelling.models import Project
from labelling.task_types.aids import makers_of

WITHOUT_AIDS = "What helps to answer could not be made of this picture: people answer without. Send it again to have it tried anew."


def store_for(project: Project, file: BinaryIO, file_name: str = "") -> Media:
    """As `intake.media.store`: Unsafe(field, message) for what is not taken. Where what helps cannot be made, the file is taken without,
    which is among its notes here (not in the row: the next upload tries again)."""
    media = store(project.organisation_id, file, file_name)
    if not add_aids(media, makers_of(project.task_type, project.config)):
        media.notes = [*media.notes, WITHOUT_AIDS]
    return media


@contextmanager
def fetched(name: str, fetch: Fetch | None) -> Iterator[tuple[Path, str]]:
    """The file of that name or address, while it is needed; what is wrong with it is the row's."""
    with tempfile.TemporaryDirectory(prefix="ilima-import-") as folder:
        path = Path(folder) / "file"
        is_url = "://" in name
        try:
            if is_url:
                shown = remote.fetch(name, path).file_name
            elif fetch is None:
                raise BadTable("The table names files but came without them: put them into one zip, or give addresses.")
            else:
                fetch(name, path)
                shown = clean_path(name)
            yield path, shown
        except Unsafe as unsafe:
            raise BadRow("url" if is_url else "file", unsafe.message) from unsafe
