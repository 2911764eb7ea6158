"""What a phone is told that a task costs in data is what it then fetches."""

import io

import numpy as np
import pytest
from PIL import Image

from kernel.errors import DomainError
from labelling.batches.create_batch import create_batch
from labelling.batches.open_batch import open_batch
from labelling.models import Item
from labelling.work.draw_work import draw_work
from labelling.work.work_listing import offers_for
from tests.formats.worlds import file, new_dataset, owner, upload_one
from tests.intake.files import tone
from tests.worlds import deposit, make_worker

pytestmark = pytest.mark.django_db


def photo(seed: int, size: tuple[int, int]) -> bytes:
    buffer = io.BytesIO()
    noise = np.random.default_rng(seed).integers(0, 255, (*size[::-1], 3), dtype=np.uint8)
    Image.fromarray(noise).save(buffer, "JPEG")
    return buffer.getvalue()


def offered(dataset, *files) -> tuple[dict, list]:
    upload_one(dataset, *files)
    deposit(dataset.project.organisation, 100_000_000)
    batch = create_batch(owner(dataset), dataset.project, name="b", base_micro=200_000)
    open_batch(owner(dataset), batch)
    worker = make_worker(f"w{batch.pk}")
    [offer] = [offer for offer in offers_for(worker)[0] if offer["batch"] == batch.pk]
    return offer, draw_work(worker, batch, 10)


@pytest.mark.parametrize(
    ("task_type", "more", "variant", "apart"),
    [("choice", {}, "640", 20), ("choice", {"look": "grid"}, "240", 4), ("boxes", {}, "1280", 20)],
)
def test_pictures_cost_what_the_phone_fetches_of_them(task_type, more, variant, apart):
    """A thumbnail and a photo: before, both were said to be 40 kB."""
    small, large = file("a.jpg", photo(1, (60, 40))), file("b.jpg", photo(2, (1400, 900)))
    offer, lent = offered(new_dataset("image", task_type, **more), small, large)
    fetched = [one.variants[variant]["bytes"] for one in lent]
    assert len(fetched) == 2
    assert max(fetched) > apart * min(fetched)
    assert abs(offer["bytes_per_task"] - sum(fetched) / 2) < 10


def test_pictures_at_once_are_of_pictures():
    with pytest.raises(DomainError) as refused:
        new_dataset("text", look="grid")
    assert (refused.value.field, Item.objects.count()) == ("config.look", 0)


def test_sounds_with_their_waveform_and_texts_by_their_length():
    offer, [lent] = offered(new_dataset("audio"), file("a.wav", tone(3.0)))
    assert abs(offer["bytes_per_task"] - lent.variants["opus"]["bytes"] - lent.variants["peaks"]["bytes"]) < 10
    offer, [lent] = offered(new_dataset(name="B"), file("a.csv", b"text\n" + b"x" * 3000 + b"\n"))
    assert Item.objects.filter(payload__has_key="text").count() == 1
    assert 3000 < offer["bytes_per_task"] < 3030
