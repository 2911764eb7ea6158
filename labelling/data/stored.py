"""A file of a requester's, kept for her project: made safe, with whatever helps to answer her question about it."""

from __future__ import annotations

from typing import BinaryIO

from intake.aids import add_aids
from intake.media import store
from intake.models import Media
from labelling.models import Project
from labelling.task_types.aids import makers_of


def store_for(project: Project, file: BinaryIO, file_name: str = "") -> Media:
    """As `intake.media.store`: Unsafe(field, message) for what is not taken. Where what helps cannot be made, the file is taken without."""
    media = store(project.organisation_id, file, file_name)
    add_aids(media, makers_of(project.task_type, project.config))
    return media
