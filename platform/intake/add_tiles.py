"""Pictures that came before there were tiles get theirs, a few at a time: what is small in them is then seen as in any other.

What else was made of them stays as it is: phones hold its addresses. Answers count pixels of the upright original, so none changes.
"""

from __future__ import annotations

import logging
import secrets
import tempfile
import time
from pathlib import Path

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from intake import limits
from intake.errors import Unsafe
from intake.media import keep_all, spool
from intake.models import Media
from intake.sandbox import sandbox
from intake.sniff import HEAD_BYTES, sniff
from kernel.locks import only_one
from kernel.sql import fetch

log = logging.getLogger(__name__)

TILES = ("tiles", "tiles_index")
# As the index "pictures_without_tiles" has it; 1.25 is intake.decoders.tiles.WORTH, which is not loaded here.
_DUE = """
SELECT id FROM intake_media
 WHERE kind = 'image' AND tiles_tried_at IS NULL AND NOT variants ? 'tiles'
   AND width_px > 1.25 * (variants -> '1280' ->> 'width')::int
 ORDER BY id LIMIT 1
"""


def add_tiles(most_s: float) -> bool:
    """For that long at most; False when there is nothing left to do. Safe to repeat, to kill, and to run twice at once."""
    began = time.monotonic()
    with only_one("intake.tiles") as mine:
        while mine and (due := fetch(_DUE, {})):
            _add_to(Media.objects.get(pk=due[0][0]))
            if time.monotonic() - began > most_s:
                return True
    return False


def _add_to(media: Media) -> None:
    """Each is tried once: what cannot be opened any more is left as it is."""
    try:
        made = _made(media)
    except (Unsafe, FileNotFoundError) as failure:
        log.warning("no tiles for picture %d: %s", media.pk, failure)
        made = {}
    with transaction.atomic():  # other files beside it may have come meanwhile (intake/aids.py)
        row = Media.objects.select_for_update().get(pk=media.pk)
        row.variants, row.tiles_tried_at = row.variants | made, timezone.now()
        row.save(update_fields=["variants", "tiles_tried_at"])


def _made(media: Media) -> dict[str, dict]:
    """The variants that are new, in storage; none where the largest variant shows nearly everything after all."""
    with tempfile.TemporaryDirectory(prefix="ilima-tiles-") as folder:
        path, out = Path(folder) / "original", Path(folder) / "variants"
        out.mkdir()
        with default_storage.open(media.original) as original:
            _, _, head = spool(original, path, limits.IMAGE_BYTES)
        found = sniff(head[:HEAD_BYTES])
        variants = sandbox.decode(path, found.kind, found.decoder, out)["variants"]
        new = {name: variants[name] for name in TILES if name in variants}
        place = f"variants/{media.organisation_id}/{secrets.token_urlsafe(16)}"
        kept = keep_all({out / one["file"]: f"{place}/{one['file']}" for one in new.values()})
        return {name: {"name": kept[out / one.pop("file")], **one} for name, one in new.items()}
