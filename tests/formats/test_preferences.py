"""Preferences as TRL's trainers read them: two answers to a prompt, as texts and as messages, in and out again."""

import gzip
import io
import json
import zipfile

import pytest

from labelling.data.import_upload import import_upload
from labelling.data.say_columns import say_columns
from labelling.formats import EXPORTS
from labelling.formats.frozen import Frozen
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


def test_judged_pairs_are_qrels_whose_names_lead_to_query_and_text():
    def row(n: int, query: str, text: str, rating: int | None) -> dict:
        parts = [
            {"id": "q", "role": "prompt", "kind": "text", "text": query},
            {"id": "d", "role": "candidate", "kind": "text", "text": text},
        ]
        decision = None if rating is None else {"rating": rating}
        return {"item": n, "external_id": f"r {n}", "text": None, "parts": parts, "decision": decision}

    said = [("Why?", "Because.", 3), ("Why?", "No.\n1", 1), ("How?", "Because.", 0), ("How?", "Left out", None)]
    rows = [row(n, *one) for n, one in enumerate(said)]
    packed = gzip.compress(b"".join(json.dumps(one).encode() + b"\n" for one in [*rows, row(9, "", "No query", 2)]))
    frozen = Frozen("T", 1, "rating", "2026-11-22T00:00:00Z", lambda: io.BytesIO(packed), config={"scale": 100})
    with zipfile.ZipFile(io.BytesIO(b"".join(EXPORTS["beir"].write(frozen)))) as archive:
        files = {name: archive.read(name).decode() for name in archive.namelist()}
    texts, queries = (
        {one["_id"]: one["text"] for one in map(json.loads, files[name].splitlines())}
        for name in ("corpus.jsonl", "queries.jsonl")
    )
    assert (len(texts), len(queries), files["queries.jsonl"].count("\n")) == (2, 2, 2)
    header, *lines = files["qrels/test.tsv"].splitlines()
    assert header == "query-id\tcorpus-id\tscore"
    judged = [(queries[q], texts[d], int(score)) for q, d, score in (line.split("\t") for line in lines)]
    assert judged == said[:3]
    trec = [line.split(" ") for line in files["qrels.txt"].splitlines()]
    assert [(q, d, rel) for q, zero, d, rel in trec if zero == "0"] == [tuple(line.split("\t")) for line in lines]


# --- prompt and completion, unpaired ----------------------------------------------------------------------------------
def brought(dataset, rows, role: str) -> Upload:
    made = upload_one(dataset, file("rows.jsonl", lines(rows)))
    say_columns(owner(dataset), made.pk, {"columns": {"decision": role}})
    import_upload(made.pk)
    made.refresh_from_db()
    return made


WRITTEN = [
    {"prompt": "The sky is", "completion": " blue."},
    {"prompt": CHAT, "completion": [BLUE], "id": "c"},
    {"prompt": CHAT, "completion": [{"role": "nobody", "content": "x"}]},
]


def test_completions_come_in_as_what_was_written_and_leave_as_they_are_read():
    dataset = new_dataset("parts", "text", language="en", kind="answer")
    made = brought(dataset, WRITTEN, "ignore")
    assert (made.rows_added, refused(made)) == (2, [(3, "line 3", "completion[0].role")])
    brought(new_dataset("parts", "text", "Other", language="en", kind="answer"), WRITTEN, "gold")
    assert [gold.truth["text"] for gold in Gold.objects.order_by("item")] == ["blue.", "It is blue."]
    batch, workers = new_batch(dataset), crew(2)
    for item, words in zip(dataset.project.items.order_by("pk"), ("grey.", "It is grey."), strict=True):
        decide(item, batch, {"text": words}, workers)
    out = [json.loads(line) for line in downloaded(built(dataset), "trl-prompt-completion").splitlines()]
    assert [(one["prompt"], one["completion"]) for one in out] == [
        ("The sky is", "grey."),
        (CHAT, [{"role": "assistant", "content": "It is grey."}]),
    ]
    assert out[1]["external_id"] == "c"


def test_answers_that_are_compared_are_good_or_not():
    dataset, workers = preferences("ignore"), crew(3)
    batch, items = new_batch(dataset), Item.objects.order_by("pk")
    for item, value in zip(items, ("b", "a", "same"), strict=True):
        decide(item, batch, {"chosen": value}, workers)
    out = [json.loads(line) for line in downloaded(built(dataset), "trl-unpaired").splitlines()]
    assert [one["label"] for one in out] == [False, True, True, False], "of those that are alike none is better"
    assert [one["completion"] for one in out[:2]] == [texts(items[0])["a"], texts(items[0])["b"]]
    assert out[2]["completion"] == [{"role": "assistant", "content": texts(items[1])["a"]}]


TRUE_FALSE = [{"id": "yes", "name": {"en": "True"}}, {"id": "no", "name": {"en": "False"}}]
JUDGED = [
    {"prompt": "The sky is", "completion": " blue.", "label": True},
    {"prompt": CHAT, "completion": [GREEN], "label": False},
    {"prompt": "The sky is", "completion": 5, "label": False},
]


def test_answers_that_are_judged_alone_come_in_and_leave():
    dataset = new_dataset("parts", "choice", labels=TRUE_FALSE)
    made = brought(dataset, JUDGED, "ignore")
    assert (made.rows_added, made.rows_refused) == (2, 1)
    brought(new_dataset("parts", "choice", "Other", labels=TRUE_FALSE), JUDGED, "gold")
    assert [gold.truth["label"] for gold in Gold.objects.order_by("item")] == ["yes", "no"]
    batch, workers = new_batch(dataset), crew(2)
    for item, label in zip(dataset.project.items.order_by("pk"), ("no", "yes"), strict=True):
        decide(item, batch, {"label": label}, workers)
    out = [json.loads(line) for line in downloaded(built(dataset), "trl-unpaired").splitlines()]
    assert [(one["prompt"], one["completion"], one["label"]) for one in out] == [
        ("The sky is", " blue.", False),
        (CHAT, [GREEN], True),
    ]
