"""CoNLL and doccano: what is written is what their readers read, and marks come back as the truth of their text."""

import json

import pytest

from labelling.data.ahead import ahead
from labelling.formats.conll.read import is_table, read
from labelling.formats.conll.write import one_a_place
from labelling.formats.doccano.read import of_row
from labelling.formats.rows import BadTable
from labelling.formats.squad.read import read as read_squad
from labelling.formats.tokens import tokens
from labelling.models import Gold, Item
from labelling.task_types.drawing import Span
from tests.formats.decided import built, crew, decide, downloaded, new_batch, new_item
from tests.formats.worlds import file, new_dataset, remarks, upload_one

pytestmark = pytest.mark.django_db
TEXT = "  Thandi 🙂 moved to eThekwini.\nIn 東京 she sings."


def span(label: str, words: str, text: str = TEXT) -> dict:
    start = text.index(words)
    return {"label": label, "start": start, "end": start + len(words)}


SPANS = [span("pos", "Thandi"), span("neg", "to eThekwini"), span("pos", "eThekwini"), span("neg", "東京")]


def spans_world():
    dataset = new_dataset("text", "spans")
    batch, workers = new_batch(dataset), crew(2)
    decide(new_item(dataset, 1, payload={"text": TEXT}), batch, {"spans": SPANS}, workers)
    decide(new_item(dataset, 2, payload={"text": "Nothing."}), batch, {"spans": []}, workers)
    return dataset


def sent(name: str, content: bytes):
    return upload_one(new_dataset("text", "spans", name="Other"), file(name, content))


def truths(upload) -> list[tuple[str, list]]:
    golds = Gold.objects.filter(project=upload.dataset.project).select_related("item").order_by("item")
    return [
        (
            one.item.payload["text"],
            [(m["label"], one.item.payload["text"][m["start"] : m["end"]]) for m in one.truth["spans"]],
        )
        for one in golds
    ]


def test_doccano_says_every_mark_in_code_points_and_comes_back_as_it_was():
    content = downloaded(built(spans_world()), "doccano")
    first = json.loads(content.splitlines()[0])
    assert (first["text"], first["external_id"]) == (TEXT, "row 1")
    assert [TEXT[a:b] for a, b, _ in first["label"]] == ["Thandi", "to eThekwini", "eThekwini", "東京"]
    assert {name for *_, name in first["label"]} == {"Positive", "Negative"}
    made = sent("back.jsonl", content)
    assert (made.rows_added, made.rows_refused) == (2, 0)
    golds = Gold.objects.filter(project=made.dataset.project).order_by("item")
    assert [gold.truth["spans"] for gold in golds] == [SPANS, []]


def test_conll_writes_a_word_a_line_with_iob2_tags():
    lines = downloaded(built(spans_world()), "conll").decode().splitlines()
    said = [line.split(" ") for line in lines if line]
    assert said[0] == ["-DOCSTART-", "-X-", "-X-", "O"]
    tagged = [(parts[0], parts[3]) for parts in said if parts[0] != "-DOCSTART-"]
    assert tagged == [
        ("Thandi", "B-Positive"), ("🙂", "O"), ("moved", "O"), ("to", "B-Negative"), ("eThekwini", "I-Negative"), (".", "O"),
        ("In", "O"), ("東", "B-Negative"), ("京", "I-Negative"), ("she", "O"), ("sings", "O"), (".", "O"),
        ("Nothing", "O"), (".", "O"),
    ]  # fmt: skip
    assert lines.count("") >= 4, "a sentence ends at the line end, a text at its own"


@pytest.mark.parametrize(
    ("name", "tags"),
    [
        ("conll", "B-Positive O O B-Negative I-Negative O O B-Negative I-Negative O O O O O"),
        ("conll-iob1", "I-Positive O O I-Negative I-Negative O O I-Negative I-Negative O O O O O"),
        ("conll-iobes", "S-Positive O O B-Negative E-Negative O O B-Negative E-Negative O O O O O"),
        ("conll-bilou", "U-Positive O O B-Negative L-Negative O O B-Negative L-Negative O O O O O"),
    ],
)
def test_every_way_to_tag_is_written_and_read_again(name, tags):
    content = downloaded(built(spans_world()), name)
    said = [line.split(" ")[3] for line in content.decode().splitlines() if line and not line.startswith("-DOCSTART-")]
    assert " ".join(said) == tags
    assert [marks for _, marks in truths(sent(f"{name}.conll", content))] == [
        [("pos", "Thandi"), ("neg", "to eThekwini"), ("neg", "東 京")],
        [],
    ]


def test_marks_of_one_label_right_behind_each_other_stay_two():
    dataset = new_dataset("text", "spans")
    spans = [{"label": "pos", "start": 0, "end": 3}, {"label": "pos", "start": 4, "end": 11}]
    decide(
        new_item(dataset, 1, payload={"text": "Ben Anna May"}),
        new_batch(dataset),
        {"spans": [*spans[:1], {**spans[1], "end": 12}]},
        crew(1),
    )
    release = built(dataset)
    for name in ("conll", "conll-iob1", "conll-iobes", "conll-bilou"):
        [(_, marks)] = truths(
            upload_one(new_dataset("text", "spans", name=name), file("x.conll", downloaded(release, name)))
        )
        assert marks == [("pos", "Ben"), ("pos", "Anna May")], name


def test_conll_comes_back_with_a_space_between_its_words():
    made = sent("back.conll", downloaded(built(spans_world()), "conll"))
    assert truths(made) == [
        ("Thandi 🙂 moved to eThekwini .\nIn 東 京 she sings .",
         [("pos", "Thandi"), ("neg", "to eThekwini"), ("neg", "東 京")]),
        ("Nothing .", []),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("tags", "marks"),
    [
        ("B-Positive I-Positive O", ["a b"]),
        ("I-Positive I-Positive O", ["a b"]),  # IOB1
        ("B-Positive B-Positive O", ["a", "b"]),
        ("B-Positive E-Positive S-Positive", ["a b", "c"]),  # IOBES
        ("U-Positive B-Positive L-Positive", ["a", "b c"]),  # BILOU
        ("I-Positive I-Negative O", ["a", "b"]),
        ("O O I-Positive", ["c"]),
    ],
)
def test_all_ways_to_tag_are_read(tags, marks):
    rows = "".join(f"{word}\t{tag}\n" for word, tag in zip("abc", tags.split(), strict=True))
    assert [[words for _, words in found] for _, found in truths(sent("x.txt", (rows + "\n").encode()))] == [marks]


def test_sentences_without_documents_are_texts_of_their_own():
    made = sent("x.conll", b"# id 7\nAnna B-Positive\nsings O\n\n\nBen O\n")
    assert truths(made) == [("Anna sings", [("pos", "Anna")]), ("Ben", [])]


def test_a_text_without_end_is_refused_and_not_held(tmp_path):
    path = tmp_path / "x.conll"
    path.write_text(
        "-DOCSTART- -X- -X- O\n\n" + f"{'a' * 1000} O\n" * 3000 + "\n-DOCSTART- -X- -X- O\n\nAnna B-Positive\n"
    )
    long, short = read(path)
    assert "longer than" in long.reason
    assert short.cells["text"] == "Anna"


def test_prose_and_tables_are_no_conll():
    assert not is_table("I am\nO no\n")
    assert not is_table("text,label\nO,O\n")
    assert not is_table("O\nO\n")
    assert not is_table("")
    assert is_table("EU NNP I-NP I-ORG\nrejects VBZ I-VP O\n\nGerman JJ I-")


def test_a_mark_that_cannot_be_meant_costs_itself():
    rows = [
        {"text": " Anna sings ", "label": [[0, 6, "Positive"], [1, 5, "Tram"], [7, 99, "neg"], [50, 60, "neg"], [0, 1, "neg"]]},
        {"text": "Only bad", "label": [[0, 4, "Tram"]]},
    ]  # fmt: skip
    made = sent("x.jsonl", b"".join(json.dumps(row).encode() + b"\n" for row in rows))
    assert made.rows_added == 2
    assert truths(made) == [(" Anna sings ", [("pos", "Anna"), ("neg", "ings")])]
    said = [sentence for _, _, sentence in remarks(made)]
    assert sum("no label Tram" in one for one in said) == 2
    assert sum("marks nothing of the text" in one for one in said) == 2
    assert any("without a known answer" in one for one in said)


def test_entities_and_spans_of_other_tools_are_read_and_labels_of_whole_texts_are_not():
    one = Span("neg", 0, 2)
    assert of_row({"entities": [{"id": 1, "start_offset": 0, "end_offset": 2, "label": "neg"}]})[1].shapes == [one]
    assert of_row({"spans": [{"start": 0, "end": 2, "label": "neg", "token_start": 0}]})[1].shapes == [one]
    for cells in ({"label": ["neg"]}, {"label": "neg"}, {"label": [[0, True, "neg"]]}, {"label": [[0, 2, 5]]}, {}):
        assert of_row(cells) is None
    dataset = new_dataset()
    upload_one(dataset, file("x.jsonl", b'{"text": "Anna", "label": [[0, 2, "neg"]]}\n{"text": "Ben", "label": []}\n'))
    assert Gold.objects.count() == 0
    assert Item.objects.order_by("pk").first().metadata == {"label": [[0, 2, "neg"]]}


def test_words_are_cut_where_marks_end_and_the_longer_of_two_marks_is_written():
    text = "Thandi's 東京"
    assert [text[a:b] for a, b in tokens(text, [3])] == ["Tha", "ndi", "'", "s", "東", "京"]
    kept = one_a_place([Span("a", 0, 2), Span("b", 1, 9), Span("c", 9, 10)])
    assert [one.label for one in kept] == ["b", "c"]


# --- SQuAD ------------------------------------------------------------------------------------------------------------
ASKED = "Who moved?\n\n" + TEXT


def squad_project(name: str = "Acme"):
    return new_dataset("text", "spans", name, labels=[{"id": "a", "name": {"en": "Answer"}}])


def test_squad_has_the_question_its_paragraph_and_where_the_answer_stands():
    dataset, workers = squad_project(), crew(2)
    batch, found = new_batch(dataset), span("a", "Thandi 🙂", ASKED)
    decide(new_item(dataset, 1, payload={"text": ASKED}), batch, {"spans": [span("a", "Who", ASKED), found]}, workers)
    decide(new_item(dataset, 2, payload={"text": "No question."}), batch, {"spans": []}, workers)
    content = downloaded(built(dataset), "squad")
    first, second = json.loads(content)["data"]
    assert first["paragraphs"][0]["context"] == TEXT
    [asked] = first["paragraphs"][0]["qas"]
    assert (asked["question"], asked["is_impossible"]) == ("Who moved?", False)
    assert asked["answers"] == [{"text": "Thandi 🙂", "answer_start": 2}], "a mark in the question is no answer"
    assert second["paragraphs"][0]["qas"] == [{"id": "row 2", "question": "", "answers": [], "is_impossible": True}]
    other = squad_project("Other")
    made = upload_one(other, file("back.json", content))
    assert (made.rows_added, made.rows_refused) == (2, 0)
    golds = Gold.objects.filter(project=other.project).order_by("item").select_related("item")
    assert [gold.truth["spans"] for gold in golds] == [[found], []]
    assert [gold.item.payload["text"] for gold in golds] == [ASKED, "No question."]
    assert [gold.item.external_id for gold in golds] == ["row 1", "row 2"]


def test_squad_is_looked_at_in_one_thread_and_read_on_in_another(tmp_path):
    asked = [{"id": n, "question": "Who?", "answers": []} for n in range(3)]
    path = tmp_path / "x.json"
    path.write_text(json.dumps({"data": [{"paragraphs": [{"context": "Ben sings", "qas": asked}]}] * 2}))
    rows = read_squad(path)
    next(rows)
    assert [row.number for row in ahead(rows)] == [2, 3, 4, 5, 6]


def test_squad_answers_that_do_not_stand_where_they_should_cost_themselves(tmp_path):
    said = [{"text": "Ben", "answer_start": 0}, {"text": "Ben", "answer_start": 1}, {"text": "", "answer_start": 0}, 5]
    asked = [
        {"id": 1, "question": "Who?", "answers": [*said, said[0]]},
        {"id": 2, "question": "Who?", "answers": said[1:2]},
        {"id": 3, "question": 5},
        None,
    ]
    whole = {"version": "1.1", "data": [{"title": "T", "paragraphs": [{"context": "Ben sings", "qas": asked}, 7]}, "x"]}
    path = tmp_path / "x.json"
    path.write_text(json.dumps(whole))
    first, second, *refused = read_squad(path)
    assert first.cells["gold"].shapes == [Span("Answer", 6, 9)]
    assert (len(first.remarks), "gold" in second.cells, len(second.remarks)) == (3, False, 1)
    assert [one.reason for one in refused] == ["The paragraph or its question is no text: send both."] * 4
    assert [one.place for one in refused[2:]] == ["article 1, paragraph 2", "article 2"], "nothing is passed over"
    for broken in ("[]", "{", '{"data": 5}', "[" * 100_000):
        path.write_text(broken)
        with pytest.raises(BadTable, match=r"This is no SQuAD file: .*\."):
            list(read_squad(path))
