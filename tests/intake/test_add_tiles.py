"""Pictures from before there were tiles get theirs, once; nothing else of them changes."""

import pytest
from django.core.files.storage import default_storage

from intake.models import Media
from intake.tasks import add_tiles
from tests.intake import files
from tests.intake.test_pictures import kept, letters, variant

pytestmark = pytest.mark.django_db


def as_of_before(made: Media) -> dict[str, bytes]:
    """The picture as it was kept then; what its tiles are now."""
    tiles = {name: variant(made, name) for name in ("tiles", "tiles_index")}
    variants = {name: one for name, one in made.variants.items() if name not in tiles}
    Media.objects.filter(pk=made.pk).update(variants=variants)
    return tiles


def test_a_large_picture_gets_the_tiles_that_it_would_get_today_and_keeps_all_else():
    made = kept(files.saved(letters((3000, 2000)), "PNG"))
    small = kept(files.saved(files.quadrants(), "PNG"))
    tiles = as_of_before(made)
    before = Media.objects.get(pk=made.pk).variants
    add_tiles()
    after = Media.objects.get(pk=made.pk)
    assert {name: variant(after, name) for name in tiles} == tiles
    assert {name: after.variants[name] for name in before} == before
    assert after.tiles_tried_at is not None
    assert Media.objects.get(pk=small.pk).tiles_tried_at is None  # nothing of it was opened
    first = after.variants
    add_tiles()
    assert Media.objects.get(pk=made.pk).variants == first


def test_a_picture_that_cannot_be_opened_any_more_is_tried_once_and_stops_nobody():
    gone, broken, good = (kept(files.saved(letters((2600, 1900 + n)), "PNG")) for n in range(3))
    for made in (gone, broken, good):
        as_of_before(made)
    default_storage.delete(gone.original)
    with default_storage.open(broken.original, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n" + bytes(100))
    add_tiles()
    assert Media.objects.filter(tiles_tried_at=None).count() == 0
    assert [media.pk for media in Media.objects.all() if "tiles" in media.variants] == [good.pk]
