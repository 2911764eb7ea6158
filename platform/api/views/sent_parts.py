"""Parts of an item as a program sends them: a list of parts, or the messages of a chat."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from intake import remote
from intake.errors import Unsafe
from intake.models import Media
from kernel.errors import DomainError
from labelling.data.part_rows import Brought, completed_parts
from labelling.data.stored import store_for
from labelling.models import Project
from labelling.task_types.chats import parts_of_messages
from labelling.task_types.parts import BadPart

Kept = tuple[list[dict[str, Any]], dict[str, Media]]


def kept_parts(project: Project, sent: dict[str, Any], within: str = "", *, fetch: bool = False) -> Kept:
    """The parts as they are kept, and the media of each that is a file. within: the field that holds them, for a refusal.

    A file is named by the SHA-256 under which the organisation sent it before, or by its address where `fetch` allows that: not
    within a transaction.
    """

    def bring(name: str, as_page: bool) -> tuple[list[Brought], list[str]]:
        if not fetch or "://" not in name:
            how = "its address (url) or its sha256" if fetch else "its sha256"
            raise DomainError("A file of a part is named by {how}.", field=f"{within}parts", said={"how": how})
        return [Brought(*fetched(project, name, f"{within}parts"))], []

    try:
        given = parts_of_messages(sent["messages"]) if "messages" in sent else sent["parts"]
        parts, files, _ = completed_parts(project, given, bring)
        return parts, files
    except BadPart as bad:
        raise DomainError(bad.message, field=within + bad.field, code="bad_part", said=bad.said) from bad


def fetched(project: Project, url: str, field: str) -> tuple[Media, str]:
    """What lies at an address, made safe and stored."""
    with tempfile.TemporaryDirectory(prefix="ilima-label-") as folder:
        try:
            found = remote.fetch(url, Path(folder) / "file")
            with found.path.open("rb") as file:
                return store_for(project, file, found.file_name), found.file_name
        except Unsafe as unsafe:
            raise DomainError(unsafe.message, field=field) from unsafe
