"""Files beside a picture that help whoever answers about it: made once, in the sandbox, and kept as further variants of it.

What they are is not known here: a module of the caller's makes them, by its dotted name (labelling/task_types/task_type.py: AidsPart).
"""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path, PurePosixPath

from django.core.files.storage import default_storage
from django.db import transaction

from intake import limits
from intake.errors import Unsafe
from intake.media import keep_all, spool
from intake.models import Media
from intake.sandbox import sandbox
from intake.sniff import sniff_media

log = logging.getLogger(__name__)


def add_aids(media: Media, makers: Mapping[str, Sequence[str]]) -> bool:
    """The files of these names, by the module that makes them, that the picture does not have yet; False where one could not be made.
    Safe to repeat. Not in a transaction, as `media.store`."""
    missing = {maker: names for maker, names in makers.items() if not media.variants.keys() >= set(names)}
    if not missing or media.kind != Media.Kind.IMAGE:
        return True
    with tempfile.TemporaryDirectory(prefix="ilima-aids-") as folder:
        path = Path(folder) / "original"
        with default_storage.open(media.original) as original:
            _, size_bytes, head = spool(original, path, limits.MEDIA_BYTES)
        decoder = sniff_media(head, size_bytes).decoder
        made = [_add(media, path, decoder, maker, names) for maker, names in missing.items()]
    return all(made)


def _add(media: Media, path: Path, decoder: str, maker: str, names: Sequence[str]) -> bool:
    out = path.with_name(maker)
    out.mkdir()
    try:
        made = sandbox.make(path, decoder, maker, names, out)
    except Unsafe as unsafe:
        log.warning("media %d has no files of %s: %s", media.pk, maker, unsafe.message)
        return False
    beside = PurePosixPath(next(iter(media.variants.values()))["name"]).parent
    kept = keep_all({out / name: f"{beside}/{name}" for name in names})
    _join(media, {name: {"name": kept[out / one.pop("file")], **one} for name, one in made.items()})
    return True


@transaction.atomic
def _join(media: Media, made: dict[str, dict]) -> None:
    """What another import has made of it meanwhile stands."""
    row = Media.objects.select_for_update().get(pk=media.pk)
    late = {name: one for name, one in made.items() if name in row.variants}
    media.variants = {**made, **row.variants}
    Media.objects.filter(pk=media.pk).update(variants=media.variants)
    for one in late.values():
        transaction.on_commit(partial(default_storage.delete, one["name"]))
