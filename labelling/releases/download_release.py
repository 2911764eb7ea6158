"""Give a release out in a format, as a stream."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, cast

import orjson
from django.core.files.storage import default_storage

from kernel.errors import Conflict, DomainError
from labelling.formats import EXPORTS, exports_for
from labelling.formats.frozen import Frozen
from labelling.models import Release
from labelling.task_types.label_names import labels_within, with_ids
from people.audit import record
from people.models import Person

NOT_READY = {
    "building": "The release is being built: download it when it is ready.",
    "failed": "The release could not be built: make a new one.",
}


@dataclass(frozen=True)
class Download:
    file_name: str
    content_type: str
    chunks: Iterator[bytes]


def download_release(
    actor: Person, release: Release, format_name: str = "jsonl", *, asked_as: str = "format"
) -> Download:
    """The caller has authorised the release. Refused while it is being built, and for a format that does not fit."""
    asks = release.project.task_type, release.project.medium
    wanted = EXPORTS.get(format_name)
    if wanted is None or wanted.write is None or not wanted.fits(*asks):
        names = ", ".join(one.name for one in exports_for(*asks))
        raise DomainError(
            "{asked_as} must be one of {names}.", field=asked_as, said={"asked_as": asked_as, "names": names}
        )
    if release.archived_at is not None:
        raise Conflict(
            "This release was taken away: its file is gone. Make a new one.", field="state", code="taken_away"
        )
    if release.state != "ready":
        raise Conflict(
            NOT_READY[release.state],
            field="state",
            code="not_ready",
        )
    record(actor, "release.download", release, format=format_name)
    title = re.sub(r"[^a-z0-9]+", "-", release.project.title.lower()).strip("-")[:40] or "project"
    return Download(
        f"{title}-release-{release.number}.{wanted.extension}", wanted.content_type, wanted.write(frozen(release))
    )


def frozen_value(release: Release, item_id: int) -> dict:
    """What the release says of one of its items, labels by their ids."""
    near = str(item_id).encode()  # a line begins with its item
    rows = (orjson.loads(line) for line in frozen(release).lines() if near in line[:40])
    return with_ids(next(row["decision"] for row in rows if row["item"] == item_id), str)


def frozen(release: Release) -> Frozen:
    return Frozen(
        title=release.project.title,
        number=release.number,
        task_type=release.project.task_type,
        created_at=release.created_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        labels=[*labels_within(release.project.config), *release.project.past_labels],
        config=release.project.config,
        instructions=_in_english(release.project.instructions),
        open_gz=lambda: cast(BinaryIO, default_storage.open(release.stored)),
    )


def _in_english(texts: dict[str, str]) -> str:
    """Or in whichever language it was written."""
    return texts.get("en") or next(iter(texts.values()), "")
