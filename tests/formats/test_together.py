"""Formats of several files that are one table: BEIR's judgements and VQA's questions, in, and what we write of them in again."""

import io
import json
import zipfile

import pytest

from labelling.data.import_upload import import_upload
from labelling.data.say_columns import say_columns
from labelling.formats.beir.read import among as beir_among
from labelling.formats.vqa.read import among as vqa_among
from labelling.models import Gold, Item, Suggestion, Upload
from tests.formats.decided import answer, built, crew, decide, downloaded, new_batch
from tests.formats.worlds import file, new_dataset, owner, picture, reasons, remarks, upload_one, zipped

pytestmark = pytest.mark.django_db
GRADES = {"scale": 100}


def lines(rows) -> bytes:
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def said_so(dataset, made: Upload, role: str) -> Upload:
    assert made.state == Upload.State.ASKS, (made.error, reasons(made))
    say_columns(owner(dataset), made.pk, {"columns": {"decision": role}})
    import_upload(made.pk)
    made.refresh_from_db()
    return made


# --- BEIR -------------------------------------------------------------------------------------------------------------
CORPUS = [
    {"_id": "d1", "title": "Sky", "text": "It is blue.", "metadata": {}},
    {"_id": "d2", "title": "", "text": "Grass is green."},
    {"_id": "d3", "text": 5},
]
QUERIES = [{"_id": "q1", "text": "What colour is the sky?"}, {"_id": 2, "text": "And grass?"}]
TSV = "query-id\tcorpus-id\tscore\nq1\td1\t2\nq1\td2\t0\n2\td2\t1\nq9\td1\t1\nq1\td1\tmuch\n"
BEIR = {
    "nfcorpus/corpus.jsonl": lines(CORPUS),
    "nfcorpus/queries.jsonl": lines(QUERIES),
    "nfcorpus/qrels/test.tsv": TSV.encode(),
}


def graded(name: str = "Acme"):
    return new_dataset("parts", "rating", name, **GRADES)


@pytest.mark.parametrize("role", ["gold", "suggestion", "ignore"])
def test_judgements_come_in_with_their_texts_as_what_she_says_that_they_are(role):
    dataset = graded()
    made = said_so(dataset, upload_one(dataset, file("beir.zip", zipped(BEIR))), role)
    assert (made.state, made.rows_added, made.rows_refused) == ("done", 3, 3), reasons(made)
    assert [[part["text"] for part in item.payload["parts"]] for item in Item.objects.order_by("pk")] == [
        ["What colour is the sky?", "Sky\n\nIt is blue."],
        ["What colour is the sky?", "Grass is green."],
        ["And grass?", "Grass is green."],
    ]
    first = Item.objects.earliest("pk")
    assert (first.external_id, first.metadata) == ("q1 d1", {"query_id": "q1", "corpus_id": "d1"})
    assert reasons(made) == [
        "The line has no _id and text.",
        "There is nothing named q9 in queries.jsonl.",
        "A judgement is a query, a text and a number.",
    ]
    model = {"gold": Gold, "suggestion": Suggestion}.get(role)
    scores = [one.truth if role == "gold" else one.value for one in model.objects.order_by("item")] if model else []
    assert scores == ([{"rating": 2}, {"rating": 0}, {"rating": 1}] if model else [])


def test_trec_qrels_are_read_where_there_are_no_others():
    files = {"corpus.jsonl": BEIR["nfcorpus/corpus.jsonl"], "queries.jsonl": BEIR["nfcorpus/queries.jsonl"]}
    dataset = graded()
    made = upload_one(dataset, file("trec.zip", zipped({**files, "qrels.txt": b"q1 0 d2 0\n2 Q0 d2 3\nbroken\n"})))
    made = said_so(dataset, made, "gold")
    assert (made.rows_added, made.rows_refused) == (2, 2), reasons(made)
    assert [one.truth["rating"] for one in Gold.objects.order_by("item")] == [0, 3]


def test_judgements_that_the_scale_has_no_place_for_cost_themselves():
    dataset = new_dataset("parts", "rating")
    made = said_so(dataset, upload_one(dataset, file("beir.zip", zipped(BEIR))), "gold")
    assert (made.rows_added, Gold.objects.count()) == (3, 2)  # a scale of five begins at 1
    assert any("left out" in sentence for _, _, sentence in remarks(made))


def test_what_is_judged_leaves_as_qrels_and_comes_in_again():
    dataset = graded()
    said_so(dataset, upload_one(dataset, file("beir.zip", zipped(BEIR))), "ignore")
    batch, workers = new_batch(dataset), crew(2)
    for item, rating in zip(Item.objects.order_by("pk"), (3, 0, 1), strict=True):
        decide(item, batch, {"rating": rating}, workers)
    other = graded("Other")
    made = said_so(other, upload_one(other, file("back.zip", downloaded(built(dataset), "beir"))), "gold")
    assert (made.rows_added, made.rows_refused) == (3, 0), reasons(made)
    mine, again = (
        [[part["text"] for part in item.payload["parts"]] for item in one.project.items.order_by("pk")]
        for one in (dataset, other)
    )
    assert again == mine
    assert [one.truth["rating"] for one in Gold.objects.order_by("item")] == [3, 0, 1]


def test_other_files_are_no_beir():
    starts = {name: content.decode() for name, content in BEIR.items()}
    assert len(beir_among(starts)) == 3
    for left in starts:
        assert not beir_among({name: start for name, start in starts.items() if name != left})
    assert not beir_among({**starts, "b/corpus.jsonl": ""}), "of two sets of texts neither is guessed"


# --- VQA --------------------------------------------------------------------------------------------------------------
ONE = "val2014/COCO_val2014_000000000042.jpg"
ASKED = [
    {"image_id": 42, "question": "How many cats are there?", "question_id": 42000},
    {"image_id": 42, "question": "Is it day?", "question_id": 42001},
    {"image_id": 7, "question": "Where?", "question_id": 7000},
    {"image_id": 42, "question": "", "question_id": 42003},
]
PEOPLE = [{"answer": word, "answer_confidence": "yes", "answer_id": n} for n, word in enumerate(["2", "2", "3"], 1)]
ANSWERED = [
    {
        "question_type": "how many", "multiple_choice_answer": "2", "answers": PEOPLE, "image_id": 42, "answer_type": "number",
        "question_id": 42000,
    },
]  # fmt: skip
HEAD = {
    "info": {"year": 2017},
    "task_type": "Open-Ended",
    "data_type": "mscoco",
    "license": {},
    "data_subtype": "val2014",
}


def vqa(questions=ASKED, answers=ANSWERED, **more) -> bytes:
    files = {"q.json": json.dumps({**HEAD, "questions": questions}).encode()}
    files |= {"a.json": json.dumps({**HEAD, "annotations": answers}).encode()} if answers is not None else {}
    return zipped({**files, ONE: picture(format="JPEG"), **more})


def writing(name: str = "Acme"):
    return new_dataset("parts", "text", name, language="en", kind="answer")


@pytest.mark.parametrize("role", ["suggestion", "ignore"])
def test_what_people_answered_freely_becomes_what_she_says(role):
    """Of the question that nobody answered nothing is known, though it comes first."""
    made = upload_one(dataset := writing(), file("vqa.zip", vqa([ASKED[1], ASKED[0]])))
    assert (made.state, Item.objects.count()) == (Upload.State.ASKS, 0)
    made = said_so(dataset, made, role)
    assert (made.rows_added, Gold.objects.count()) == (2, 0), reasons(made)
    assert [one.value for one in Suggestion.objects.all()] == [{"text": "2"}] * (role == "suggestion")


def test_questions_come_in_behind_their_picture_with_what_people_answered():
    dataset = writing()
    made = said_so(dataset, upload_one(dataset, file("vqa.zip", vqa(**{"b.jpg": picture("blue")}))), "gold")
    assert (made.state, made.rows_added, made.rows_refused) == ("done", 2, 3), (made.error, reasons(made))
    first = Item.objects.earliest("pk")
    assert [(part["role"], part.get("text")) for part in first.payload["parts"]] == [
        ("image", None),
        ("prompt", "How many cats are there?"),
    ]
    assert (first.external_id, first.metadata) == (
        "42000",
        {"question_type": "how many", "answer_type": "number", "answers": ["2", "2", "3"], "image_id": 42},
    )
    assert Gold.objects.get().truth == {"text": "2"}, "of the other nobody has said what is right"
    assert Gold.objects.get().item == first
    assert reasons(made) == [
        "There is no picture of the number 7 in the zip.",
        "A question has its text and a question_id.",
        "The vqa files do not name this one.",
    ]


def test_questions_without_answers_are_items():
    made = upload_one(writing(), file("vqa.zip", vqa(ASKED[:2], None, **{"other.json": b'{"a": 1}'})))
    assert (made.rows_added, Gold.objects.count()) == (2, 0), reasons(made)


def test_two_files_of_questions_are_not_mixed():
    more = json.dumps({**HEAD, "questions": ASKED[:1]}).encode()
    made = upload_one(writing(), file("vqa.zip", vqa(**{"q2.json": more})))
    assert (made.state, Item.objects.count()) == ("failed", 0)
    assert "one of each" in made.error


def test_what_is_answered_leaves_as_vqa_and_comes_in_again():
    dataset, workers = writing(), crew(3)
    upload_one(dataset, file("vqa.zip", vqa(ASKED[:2], None, **{"x.json": b'{"a": 1}'})))
    batch, (first, second) = new_batch(dataset), Item.objects.order_by("pk")
    decide(first, batch, {"text": "2"}, workers[:2])
    answer(first, batch, workers[2], {"text": "Three"})
    decide(second, batch, {"text": "yes"}, workers[:2])
    content = downloaded(built(dataset), "vqa")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    asked, said = (json.loads(files[f"{name}.json"]) for name in ("questions", "annotations"))
    assert [one["question"] for one in asked["questions"]] == ["How many cats are there?", "Is it day?"]
    assert {one["image_id"] for one in asked["questions"]} == {42}, "the number in its name, by which VQA finds it"
    one, other = said["annotations"]
    assert (one["question_id"], one["question_type"], one["answer_type"]) == (42000, "how many", "number")
    assert [(each["answer"], each["answer_id"]) for each in one["answers"]] == [("2", 1), ("2", 2), ("Three", 3)]
    assert (other["multiple_choice_answer"], other["answer_type"]) == ("yes", "yes/no")
    into = writing("Other")
    made = upload_one(into, file("back.zip", zipped({**files, ONE: picture(format="JPEG")})))
    made = said_so(into, made, "gold")
    assert (made.rows_added, made.rows_refused) == (2, 0), reasons(made)
    assert [gold.truth["text"] for gold in Gold.objects.order_by("item")] == ["2", "yes"]
    assert [item.external_id for item in into.project.items.order_by("pk")] == ["42000", "42001"]


# --- hostile ----------------------------------------------------------------------------------------------------------
HOSTILE = [
    ("parts", "rating", {**BEIR, "nfcorpus/corpus.jsonl": b"\xff\xfe\x00broken"}),
    ("parts", "rating", {**BEIR, "nfcorpus/corpus.jsonl": b"[" * 100_000}),
    ("parts", "rating", {**BEIR, "nfcorpus/qrels/test.tsv": TSV.encode() + b"\xff\t\xff\t1\n" + b"x" * 3_000_000}),
    ("parts", "text", {"q.json": json.dumps({**HEAD, "questions": ASKED}).encode()[:-40], "a.json": b'{"annotations": [{"question_id": '}),
    ("parts", "text", {"q.json": b'{"questions": [{"question_id": true}, 5, {"question_id": 1, "question": 5}]}', "b.json": b"{}"}),
]  # fmt: skip


@pytest.mark.parametrize(("medium", "task_type", "files"), HOSTILE, ids=range(len(HOSTILE)))
def test_what_is_cut_or_no_text_is_told_in_sentences(medium, task_type, files):
    more = GRADES if task_type == "rating" else {"language": "en", "kind": "answer"}
    dataset = new_dataset(medium, task_type, **more)
    made = upload_one(dataset, file("x.zip", zipped(files)))
    if made.state == Upload.State.ASKS:
        made = said_so(dataset, made, "gold")
    assert made.state in ("done", "failed")
    said = [made.error] if made.error else reasons(made)
    assert said
    assert all(one.endswith((".", ")")) and len(one) < 300 for one in said), said


def test_vqa_is_known_by_its_keys():
    assert vqa_among({"q.json": '{"questions": [{"question_id": 1', "c.json": '{"annotations": [{"id": 1'}) == [
        "q.json"
    ]
    assert not vqa_among({"c.json": '{"annotations": [{"question_id": 1'})
