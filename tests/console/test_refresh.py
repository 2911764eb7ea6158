"""Pages on which something is under way ask for themselves again, say when it will be done, and rest when it is."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from console.templatetags.console import import_left_s
from labelling.batches.close_batch import close_batch
from labelling.models import Answer, Batch, Dataset, Upload
from labelling.work.accept_answers import accept_answers
from labelling.work.draw_work import draw_work
from tests.roles import as_owner
from tests.worlds import answer_to, opened, sentiment_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(client):
    world = opened(sentiment_world(items=6, workers=2))
    client.force_login(world.requester)
    return world


@pytest.fixture
def upload(world):
    """A quarter of 200,000 rows read in a minute."""
    dataset = Dataset.objects.filter(project=world.project).first()
    upload = Upload.objects.create(
        dataset=dataset, kind="csv", file_name="all.csv", sha256="0" * 64, state="running", rows_total=200_000,
        rows_done=50_000, rows_added=49_990, rows_refused=10,
    )  # fmt: skip
    Upload.objects.filter(pk=upload.pk).update(created_at=timezone.now() - timedelta(minutes=1))
    upload.refresh_from_db()
    return upload


def test_an_import_says_how_far_it_is_and_when_it_will_be_done(client, upload):
    assert import_left_s(upload) == pytest.approx(180, rel=0.05)
    page = client.get(reverse("console:upload", args=[upload.pk])).content.decode()
    assert "50,000 of 200,000 rows read" in page
    assert "about 3 minutes left" in page
    assert 'hx-trigger="every 2s"' in page
    row = client.get(reverse("console:upload_row", args=[upload.pk])).content.decode()
    assert "about 3 minutes left" in row


def test_an_import_that_is_done_asks_no_more(client, upload):
    Upload.objects.update(state="done", rows_done=200_000, finished_at=timezone.now())
    page = client.get(reverse("console:upload", args=[upload.pk])).content.decode()
    assert "hx-trigger" not in page
    assert "left" not in page


def test_an_open_batch_refreshes_and_says_when_it_will_be_done(client, world):
    address = reverse("console:batch", args=[world.batch.pk])
    assert "Nobody has answered in the last hour" in client.get(address).content.decode()
    lent = draw_work(world.workers[0], world.batch, 3)
    accept_answers(world.workers[0], [answer_to(one, {"label": "good"}) for one in lent])
    with as_owner():
        Answer.objects.update(received_at=timezone.now() - timedelta(minutes=30))
    Batch.objects.update(deadline=timezone.now() + timedelta(minutes=5))
    page = client.get(address).content.decode()
    assert "left at the pace of the last hour: done around" in page
    assert "comes first" in page
    assert 'hx-trigger="every 5s"' in page
    close_batch(world.requester, Batch.objects.get(pk=world.batch.pk))
    assert "hx-trigger" not in client.get(address).content.decode()


def test_a_batch_is_made_with_the_deadline_that_was_typed(client, world):
    close_batch(world.requester, Batch.objects.get(pk=world.batch.pk))
    address = reverse("console:batches", args=[world.project.pk])
    form = {"name": "b", "base_micro": "0.01", "bonus_micro": "0"}
    client.post(address, form | {"deadline": "2090-03-01T12:30"})
    made = Batch.objects.get(name="b")
    assert made.deadline.isoformat() == "2090-03-01T12:30:00+00:00"
    for typed in ("2001-01-01T00:00", "tomorrow"):
        response = client.post(address, form | {"name": "c", "deadline": typed})
        assert response.status_code == 400
        assert 'aria-describedby="id_deadline_helptext id_deadline_error"' in response.content.decode()
    assert not Batch.objects.filter(name="c").exists()
