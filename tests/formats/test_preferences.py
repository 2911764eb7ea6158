"""Preferences as TRL's trainers read them: two answers to a prompt, as texts and as messages, in and out again."""

import json

import pytest

from labelling.data.import_upload import import_upload
from labelling.data.say_columns import say_columns
from labelling.models import Gold, Item, Suggestion, Upload
from tests.formats.decided import built, crew, decide, downloaded, new_batch
from tests.formats.worlds import counts, file, new_dataset, owner, refused, upload_one

pytestmark = pytest.mark.django_db
CHAT = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "What colour is the sky?"}]
BLUE, GREEN = ({"role": "assistant", "content": f"It is {colour}."} for colour in ("blue", "green"))
OTHER = [{"role": "user", "content": "And the grass?"}]
ROWS = [
    {"prompt": "The sky is", "chosen": " blue.", "rejected": " green.", "source": "web"},
    {"prompt": CHAT, "chosen": [BLUE], "rejected": [GREEN], "id": "c"},
    {"chosen": [*OTHER, GREEN], "rejected": [*OTHER, BLUE]},  # the prompt is what both begin with
    {"prompt": "Broken", "chosen": 5, "rejected": "x"},
]


def lines(rows) -> bytes:
    return "\n".join(map(json.dumps, rows)).encode()


def preferences(role: str):
    dataset = new_dataset("parts", "pairwise")
    made = upload_one(dataset, file("prefs.jsonl", lines(ROWS)))
    assert made.state == Upload.State.ASKS, (
        "what is preferred there may be known, a guess, or what she wants to have found out anew"
    )
    say_columns(owner(dataset), made.pk, {"columns": {"decision": role}})
    import_upload(made.pk)
    return dataset


def texts(item: Item) -> dict[str, str]:
    return {part["id"]: part["text"] for part in item.payload["parts"]}


@pytest.mark.parametrize("role", ["gold", "suggestion", "ignore"])
def test_rows_come_in_as_what_she_says_that_they_are(role):
    preferences(role)
    made = Upload.objects.get()
    assert counts(made) == ("done", 4, 3, 0, 1)
    assert refused(made) == [(4, "line 4", "parts")]
    first, chat, implicit = Item.objects.order_by("pk")
    assert [part["role"] for part in first.payload["parts"]] == ["prompt", "candidate", "candidate"]
    assert [part["role"] for part in chat.payload["parts"]] == ["system", "user", "candidate", "candidate"]
    assert (first.metadata, chat.external_id) == ({"source": "web"}, "c")
    model = {"gold": Gold, "suggestion": Suggestion}.get(role)
    assert Gold.objects.count() == (3 if role == "gold" else 0)
    assert Suggestion.objects.count() == (3 if role == "suggestion" else 0)
    if model:
        said = {one.item_id: (one.truth if role == "gold" else one.value)["chosen"] for one in model.objects.all()}
        assert [texts(one)[said[one.pk]] for one in (first, chat, implicit)] == [
            " blue.",
            "It is blue.",
            "It is green.",
        ]


def test_what_is_decided_leaves_as_it_is_read():
    dataset, workers = preferences("ignore"), crew(3)
    batch, items = new_batch(dataset), Item.objects.order_by("pk")
    for item, value in zip(items, ("b", "a", "same"), strict=True):
        decide(item, batch, {"chosen": value}, workers)
    out = [json.loads(line) for line in downloaded(built(dataset), "trl-preference").splitlines()]
    assert len(out) == 2, "where none is better there is no preference"
    assert (out[0]["prompt"], out[0]["chosen"]) == ("The sky is", texts(items[0])["b"])
    assert out[1]["prompt"] == CHAT
    assert out[1]["chosen"] == [{"role": "assistant", "content": texts(items[1])["a"]}]
    assert {one["content"] for one in (*out[1]["chosen"], *out[1]["rejected"])} == {"It is blue.", "It is green."}
    assert out[0]["margin"] > 0
