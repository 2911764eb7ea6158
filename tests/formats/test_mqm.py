"""MQM: a line an error, as WMT publishes it; in, and what we write of it in again."""

import sys

import pytest

from labelling.data.import_upload import import_upload
from labelling.data.say_columns import say_columns
from labelling.formats.mqm.read import is_table, read
from labelling.formats.rows import BadTable
from labelling.models import Gold, Item, Suggestion, Upload
from tests.formats.decided import built, crew, decide, downloaded, new_batch, new_item
from tests.formats.worlds import file, new_dataset, owner, reasons, remarks, upload_one

pytestmark = pytest.mark.django_db
LABELS = [
    {"id": "minor", "name": {"en": "Fluency/Punctuation (Minor)"}},
    {"id": "major", "name": {"en": "Accuracy/Mistranslation (Major)"}},
    {"id": "bad", "name": {"en": "Non-translation!"}},
]
HEAD = "system\tdoc\tdoc_id\tseg_id\trater\tsource\ttarget\tcategory\tseverity\n"
LINES = [
    "A\td1\t1\t1\trater1\tShe went.\tSie <v>ging 🙂</v>.\tAccuracy/Mistranslation\tMajor",
    "A\td1\t1\t1\trater1\tShe went.\tSie ging 🙂<v>.</v>\tFluency/Punctuation\tMinor",
    "A\td1\t1\t1\trater2\tShe went.\tSie <v>ging 🙂</v>.\tAccuracy/Mistranslation\tMajor",
    'B\td1\t1\t1\trater1\tShe went.\tSie "kam".\tNo-error\tno-error',
    "A\td1\t2\t2\trater1\tIt <v>rained</v>.\tEs.\tAccuracy/Mistranslation\tMajor",
    "A\td1\t3\t3\trater1\tLong.\tGanz falsch\tNon-translation!\t",
    "A\td1\t4\t4\trater1\tShort.\tKurz.\tStyle\tMinor",
    "A\td1\t5",
    "A\td1\t6\t6\trater1\tShort.\t \tStyle\tMinor",
]
WMT = HEAD + "".join(f"{line}\n" for line in LINES)


def translations(name: str = "Acme"):
    return new_dataset("text", "spans", name, labels=LABELS)


def sent(dataset, content: str | bytes, role: str = "gold", name: str = "mqm.tsv") -> Upload:
    made = upload_one(dataset, file(name, content if isinstance(content, bytes) else content.encode()))
    assert made.state == Upload.State.ASKS, (made.error, reasons(made))
    say_columns(owner(dataset), made.pk, {"columns": {"decision": role}})
    import_upload(made.pk)
    made.refresh_from_db()
    return made


def marked(item: Item, value: dict) -> list[tuple[str, str]]:
    text = item.payload["text"]
    return [(one["label"], text[one["start"] : one["end"]]) for one in value["spans"]]


def test_errors_come_in_at_their_words():
    made = sent(translations(), WMT)
    assert (made.state, made.rows_added, made.rows_refused) == ("done", 5, 2), reasons(made)
    golds = {gold.item.external_id: gold for gold in Gold.objects.select_related("item")}
    assert {name: marked(gold.item, gold.truth) for name, gold in golds.items()} == {
        "A d1 1 1": [("major", "ging 🙂"), ("minor", ".")],
        "B d1 1 1": [],
        "A d1 2 2": [("major", "rained")],
        "A d1 3 3": [("bad", "Ganz falsch")],
    }
    first = golds["A d1 1 1"].item
    assert first.payload["text"] == "She went.\n\nSie ging 🙂."
    assert first.metadata == {"system": "A", "doc": "d1", "doc_id": "1", "seg_id": "1"}
    assert golds["B d1 1 1"].item.payload["text"].endswith('Sie "kam".'), "quotes are signs like others"
    assert reasons(made) == ["The line has 3 columns, the first one 9.", "There is no translation in the line."]
    said = [sentence for _, _, sentence in remarks(made)]
    assert "2 people judged it: what any of them marked is stated." in said
    assert any("no label Style (Minor)" in one for one in said)


def test_they_are_a_guess_where_she_says_so():
    dataset = translations()
    sent(dataset, WMT, "suggestion")
    assert (Gold.objects.count(), Suggestion.objects.count()) == (0, 4)


def test_what_is_decided_leaves_as_mqm_and_comes_in_again():
    dataset, workers = translations(), crew(2)
    batch, text = new_batch(dataset), 'A "cat"\tsat.\n\nEine <v>Katze</v> sass 🙂.'
    at = text.index("Katze")
    spans = [
        {"label": "minor", "start": 0, "end": 1},
        {"label": "major", "start": at, "end": at + 5},
        {"label": "bad", "start": at + 2, "end": at + 11},
    ]
    decide(new_item(dataset, 1, payload={"text": text}), batch, {"spans": spans}, workers)
    decide(new_item(dataset, 2, payload={"text": "No source"}), batch, {"spans": []}, workers)
    new_item(dataset, 3)
    content = downloaded(built(dataset), "mqm")
    header, *lines = content.decode().splitlines()
    assert header + "\n" == HEAD
    rows = [line.split("\t") for line in lines]
    assert [row[-4:] for row in rows] == [
        ['<v>A</v> "cat" sat.', "Eine ‹v›Katze‹/v› sass 🙂.", "Fluency/Punctuation", "Minor"],
        ['A "cat" sat.', "Eine ‹v›<v>Katze</v>‹/v› sass 🙂.", "Accuracy/Mistranslation", "Major"],
        ['A "cat" sat.', "Eine ‹v›Ka<v>tze‹/v› s</v>ass 🙂.", "Non-translation!", ""],
        ["", "No source", "No-error", "no-error"],
    ]
    assert {row[4] for row in rows} == {"Ilima"}
    other = translations("Other")
    made = sent(other, content, name="back.tsv")
    assert (made.rows_added, made.rows_refused) == (2, 0), reasons(made)
    golds = Gold.objects.filter(project=other.project).order_by("item").select_related("item")
    assert [gold.truth["spans"] for gold in golds] == [spans, []]
    assert [gold.item.payload["text"] for gold in golds] == [
        text.replace("\t", " ").replace("<v>", "‹v›").replace("</v>", "‹/v›"),
        "No source",
    ]


@pytest.mark.parametrize(
    "content",
    [HEAD, HEAD + "\n\n", HEAD + "x" * 2_000_000 + "\n", HEAD + "</v><v>" * 9 + "\n"],
    ids=["no line", "blank lines", "a line without end", "signs only"],
)
def test_what_is_broken_is_told_and_never_an_error(content, tmp_path):
    path = tmp_path / "x.tsv"
    path.write_text(content)
    assert all(one.reason for one in read(path))


def test_signs_that_are_not_closed_mark_nothing(tmp_path):
    path = tmp_path / "x.tsv"
    path.write_text(HEAD + "A\td\t1\t1\tr\tS\tone <v>two\tc\tMajor\nA\td\t1\t2\tr\tS\tone</v> <v></v>\tc\tMajor\n")
    first, second = read(path)
    assert "decision" not in first.cells
    assert "decision" not in second.cells
    assert first.remarks == second.remarks == (("gold", "An error c (Major) was left out: it marks no words."),)


def test_other_tables_are_no_mqm_and_a_large_one_is_refused(tmp_path, monkeypatch):
    assert is_table(WMT)
    assert not is_table("source\ttarget\nA\tB\n")
    monkeypatch.setattr(sys.modules["labelling.formats.mqm.read"], "READ_BYTES", 10)
    path = tmp_path / "x.tsv"
    path.write_text(WMT)
    with pytest.raises(BadTable, match="split it"):
        list(read(path))
