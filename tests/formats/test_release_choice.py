"""A release holds what was chosen, says so, and is the same bytes for the same content; CSV comes for programs and for spreadsheets."""

import csv
import io
import json

import pytest
from django.test import Client
from django.urls import reverse

from kernel.errors import DomainError
from labelling.data.add_items import add_text_item
from labelling.gold.set_gold import set_gold
from labelling.models import BatchItem, Decision, Release
from labelling.releases.build_release import build_release
from labelling.releases.create_release import create_release
from tests.formats.decided import decide, downloaded, new_batch, new_item, text_world
from tests.formats.worlds import new_dataset, owner

pytestmark = pytest.mark.django_db


def released(dataset, **choice) -> Release:
    release = create_release(owner(dataset), dataset.project, **choice)
    build_release(release.pk)
    return Release.objects.select_related("project").get(pk=release.pk)


def lines(release: Release) -> list[dict]:
    return [json.loads(line) for line in downloaded(release, "jsonl").splitlines()]


def test_known_and_undecided_items_come_where_they_are_wanted():
    dataset, _ = text_world(2)
    known = add_text_item(dataset, "known")
    set_gold(owner(dataset), known, {"label": "pos"})
    still = add_text_item(dataset, "still open")
    assert {line["item"] for line in lines(released(dataset))}.isdisjoint({known.pk, still.pk})
    whole = {line["item"]: line for line in lines(released(dataset, gold=True, undecided=True))}
    assert len(whole) == 4
    truth, empty = whole[known.pk], whole[still.pk]
    assert (truth["decision"]["label_id"], truth["provenance"]["source"], truth["sure"]) == ("pos", "known", True)
    assert (empty["decision"], empty["provenance"]["source"], empty["sure"]) == (None, "open", False)
    rows = list(csv.DictReader(io.StringIO(downloaded(released(dataset, undecided=True), "csv-raw").decode())))
    assert [row["decision"] for row in rows if row["item"] == str(still.pk)] == [""]


def test_labels_confidence_datasets_and_batches_choose():
    dataset, workers = text_world(2)  # pos, at 98.8 %
    batch = new_batch(dataset)
    low = new_item(dataset, 50)
    decide(low, batch, {"label": "neg"}, workers)
    Decision.objects.filter(item=low).update(confidence_ppm=600_000)
    BatchItem.objects.create(batch=batch, item=low, wanted=2)
    assert [line["item"] for line in lines(released(dataset, labels=["neg"]))] == [low.pk]
    assert low.pk not in [line["item"] for line in lines(released(dataset, confidence_from_ppm=900_000))]
    assert [line["item"] for line in lines(released(dataset, batches=[batch.pk]))] == [low.pk]
    assert len(lines(released(dataset, datasets=[dataset.pk]))) == 3


@pytest.mark.parametrize(
    ("choice", "field"),
    [
        ({"golds": True}, "golds"),
        ({"gold": "yes"}, "gold"),
        ({"undecided": 1}, "undecided"),
        ({"labels": ["nobody's"]}, "labels"),
        ({"labels": "pos"}, "labels"),
        ({"confidence_from_ppm": 1_000_001}, "confidence_from_ppm"),
        ({"confidence_from_ppm": True}, "confidence_from_ppm"),
        ({"datasets": [10**15]}, "datasets"),
        ({"batches": ["1"]}, "batches"),
    ],
)
def test_what_cannot_be_chosen_is_refused_by_its_name(choice, field):
    dataset, _ = text_world(1)
    with pytest.raises(DomainError) as refusal:
        create_release(owner(dataset), dataset.project, **choice)
    assert (refusal.value.field, Release.objects.count()) == (field, 0)
    client = Client()
    client.force_login(owner(dataset))
    sent = json.dumps(choice)
    reply = client.post(reverse("api-releases", args=[dataset.project_id]), sent, content_type="application/json")
    assert (reply.status_code, reply.json()["error"]["field"]) == (400, field)


def test_another_projects_batch_is_no_choice():
    dataset, _ = text_world(1)
    strange = new_batch(new_dataset())
    with pytest.raises(DomainError):
        create_release(owner(dataset), dataset.project, batches=[strange.pk])


def test_two_releases_of_the_same_content_are_the_same_bytes_and_no_others_are():
    dataset, workers = text_world(3)
    first, second = released(dataset), released(dataset)
    assert (first.sha256, first.number, second.number) == (second.sha256, 1, 2)
    decide(new_item(dataset, 99), new_batch(dataset), {"label": "neg"}, workers)
    third = released(dataset)
    assert third.sha256 != first.sha256
    names = [{a["worker"] for line in lines(one) for a in line["answers"]} for one in (first, third)]
    assert not names[0] & names[1]


def test_csv_for_programs_is_as_it_is_and_for_spreadsheets_harmless():
    dataset, workers = text_world(1)
    evil = add_text_item(dataset, "=HYPERLINK(1)", external_id="@me")
    decide(evil, new_batch(dataset), {"label": "pos"}, workers)
    release = released(dataset)
    raw, safe = (downloaded(release, name).decode() for name in ("csv-raw", "csv"))
    assert [text in raw for text in ('"=HYPERLINK(1)"', '"@me"', "'=HYPERLINK", "\ufeff")] == [True, True, False, False]
    assert [text in safe for text in ("'=HYPERLINK", "'@me", "\ufeff")] == [True, True, True]
    client = Client()
    client.force_login(owner(dataset))
    page = client.get(reverse("console:releases", args=[dataset.project_id])).content.decode()
    assert "CSV for programs: every cell as it is" in page


def test_a_refused_format_is_named_as_it_was_asked():
    dataset, _ = text_world(1)
    release, client = released(dataset), Client()
    client.force_login(owner(dataset))
    said = client.get(reverse("api-release-download", args=[release.pk]), {"as": "yaml"}).json()["error"]
    assert (said["field"], said["message"].startswith("as must be one of")) == ("as", True)
    strange = client.get(reverse("api-release-download", args=[release.pk]), {"format": "csv"}).json()["error"]
    assert (strange["field"], "it takes as" in strange["message"]) == ("format", True)
