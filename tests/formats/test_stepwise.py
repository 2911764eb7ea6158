"""Steps that are right and wrong, as TRL's trainers read them: in and out again."""

import json

import pytest

from labelling.data.import_upload import import_upload
from labelling.data.say_columns import say_columns
from labelling.models import Gold, Item, Upload
from tests.formats.decided import built, crew, decide, downloaded, new_batch
from tests.formats.worlds import counts, file, new_dataset, owner, refused, remarks, upload_one

pytestmark = pytest.mark.django_db
STEPS = ["0.8 is more than 0.11.", "So 9.8 is less than 9.11.", "The answer is 9.11."]
ROWS = [
    {"prompt": "Which is larger, 9.8 or 9.11?", "completions": STEPS, "labels": [True, False, False], "source": "own"},
    {
        "prompt": [{"role": "user", "content": "And 2 + 2?"}],
        "completions": ["It is 4."],
        "labels": [True],
        "id": "four",
    },
    {"prompt": "Broken", "completions": ["a", "b"], "labels": [True]},
    {"prompt": "Broken", "completions": ["a", 2], "labels": [True, False]},
]
ONE = [{"id": "bad", "name": {"en": "Wrong"}}]
TWO = [*ONE, {"id": "rude", "name": {"en": "Rude"}}]


def traces(role: str, labels: list[dict]):
    dataset = new_dataset("parts", "first_wrong", labels=labels)
    made = upload_one(dataset, file("steps.jsonl", "\n".join(map(json.dumps, ROWS)).encode()))
    assert made.state == Upload.State.ASKS
    say_columns(owner(dataset), made.pk, {"columns": {"decision": role}})
    import_upload(made.pk)
    return dataset


def test_rows_come_in_with_the_first_wrong_step_known():
    traces("gold", ONE)
    made = Upload.objects.get()
    assert counts(made) == ("done", 4, 2, 0, 2)
    assert [field for _n, _place, field in refused(made)] == ["labels", "completions[1]"]
    first, four = Item.objects.order_by("pk")
    assert [part["role"] for part in first.payload["parts"]] == ["prompt", "step", "step", "step"]
    assert [part["role"] for part in four.payload["parts"]] == ["user", "step"]
    assert (first.metadata, four.external_id) == ({"source": "own"}, "four")
    truths = {one.item_id: one.truth for one in Gold.objects.all()}
    assert truths == {first.pk: {"wrong": [{"step": "s2", "label": "bad"}]}, four.pk: {"wrong": []}}


def test_where_the_project_asks_for_a_kind_the_file_does_not_know_it_the_row_is_taken_and_said_so():
    traces("gold", TWO)
    made = Upload.objects.get()
    assert Item.objects.count() == 2
    assert [one.truth for one in Gold.objects.all()] == [{"wrong": []}], "that nothing is wrong needs no kind"
    assert "asked anew" in " ".join(text for _n, _field, text in remarks(made))


def test_what_is_decided_leaves_up_to_the_first_wrong_step():
    dataset, workers = traces("ignore", TWO), crew(3)
    batch, items = new_batch(dataset), Item.objects.order_by("pk")
    for item, wrong in zip(items, ([{"step": "s2", "label": "rude"}], []), strict=True):
        decide(item, batch, {"wrong": wrong}, workers)
    out = [json.loads(line) for line in downloaded(built(dataset), "trl-stepwise").splitlines()]
    assert [out[0]["prompt"], out[0]["completions"], out[0]["labels"]] == [ROWS[0]["prompt"], STEPS[:2], [True, False]]
    assert [out[1]["prompt"], out[1]["completions"], out[1]["labels"]] == ["And 2 + 2?", ["It is 4."], [True]]


def test_what_a_tool_gave_stands_before_the_step_that_reads_it():
    dataset, workers = new_dataset("parts", "first_wrong", labels=ONE), crew(3)
    parts = [
        {"role": "user", "text": "Low tide?"},
        {"role": "tool_call", "json": {"name": "tides"}},
        {"role": "tool_result", "text": "04:10"},
        {"role": "assistant", "text": "At 14:10."},
    ]
    upload_one(dataset, file("traces.jsonl", json.dumps({"parts": parts}).encode()))
    [item] = Item.objects.all()
    decide(item, new_batch(dataset), {"wrong": [{"step": "p4", "label": "bad"}]}, workers)
    [line] = map(json.loads, downloaded(built(dataset), "trl-stepwise").splitlines())
    assert line["completions"] == ['{"name": "tides"}', "tool_result: 04:10\n\nAt 14:10."]
    assert line["labels"] == [True, False]
