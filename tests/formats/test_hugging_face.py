"""The data set as a hub takes it: what the card and Croissant say is what the release holds."""

import hashlib
import io
import json

import pyarrow.parquet as pq
import pytest

from labelling.models import Gold, Project
from tests.formats.decided import answer, built, crew, decide, downloaded, new_batch, new_item
from tests.formats.test_picture_formats import unzipped
from tests.formats.worlds import new_dataset

pytestmark = pytest.mark.django_db
TITLE = 'Is "it": good?\n# no'


@pytest.fixture
def files():
    dataset, workers = new_dataset(), crew(3)
    Project.objects.filter(pk=dataset.project_id).update(title=TITLE, instructions={"zu": "Funda."})
    batch, first, known = new_batch(dataset), new_item(dataset, 0), new_item(dataset, 1)
    decide(first, batch, {"label": "pos"}, workers[:2])
    answer(first, batch, workers[2], {"label": "neg"}, counted=False)
    Gold.objects.create(item=known, project=dataset.project, truth={"label": "neg"})
    new_item(dataset, 2)
    return unzipped(downloaded(built(dataset, gold=True, undecided=True), "hugging-face"))


def test_the_card_names_the_file_and_says_who_answered(files):
    _, front, body = files["README.md"].decode().split("---\n", 2)
    lines = front.splitlines()
    assert json.loads(lines[0].removeprefix("pretty_name: ")) == TITLE  # what JSON quotes, YAML reads
    assert lines[lines.index("size_categories:") + 1] == "- n<1K"
    assert [line.strip() for line in lines[lines.index("configs:") + 1 :]] == [
        "- config_name: default",
        "data_files:",
        "- split: train",
        "path: data/train.parquet",
    ]
    assert '# Is "it": good? # no\n' in body
    assert "3 items, of which 2 are decided and 2 of those surely." in body
    assert "2 people gave 2 answers that count" in body
    assert "2 on 1 items. They agreed to 0.900 on average" in body
    assert "1 items were decided by what was known" in body
    assert "Funda." in body
    assert "- Positive\n" in body


def test_croissant_describes_every_column_and_the_very_bytes(files):
    said, data = json.loads(files["croissant.json"]), files["data/train.parquet"]
    [file] = said["distribution"]
    assert (file["sha256"], file["contentSize"]) == (hashlib.sha256(data).hexdigest(), f"{len(data)} B")
    table = pq.read_table(io.BytesIO(data))
    [records] = said["recordSet"]
    assert [one["source"]["extract"]["column"] for one in records["field"]] == table.column_names
    assert table.column("decision").to_pylist() == ["Positive", "Negative", None]
    kinds = {one["name"]: one["dataType"] for one in records["field"]}
    assert (kinds["item"], kinds["sure"], kinds["text"]) == ("sc:Integer", "sc:Boolean", "sc:Text")
    assert {one["source"]["fileObject"]["@id"] for one in records["field"]} == {file["@id"]}
    assert said["rai:annotationsPerItem"] == "Answers that count, by how many items have so many: 0 on 2, 2 on 1."
    assert said["rai:dataAnnotationProtocol"] == "Funda."
    assert "rai:machineAnnotationTools" not in said, "no guess was shown"
    assert all(key.partition(":")[0] in said["@context"] for key in said if ":" in key)


def test_of_nothing_that_was_asked_nothing_is_said_of_people():
    dataset = new_dataset()
    Gold.objects.create(item=new_item(dataset, 0), project=dataset.project, truth={"label": "neg"})
    files = unzipped(downloaded(built(dataset, gold=True), "hugging-face"))
    assert "Nobody was asked" in files["README.md"].decode()
    assert "rai:dataAnnotationAnalysis" not in json.loads(files["croissant.json"])
