"""spaCy's DocBin without spaCy: what we write is read again to the code point, what spaCy wrote is read, what is broken is told.
`python -m benchmarks.outside_readers` lets spaCy itself read it."""

import base64
import io
import sys
import zipfile
import zlib

import pytest

from intake.decoders.msgpack import packed, unpacked
from intake.decoders.spacy_strings import number_of
from labelling.data.import_upload import import_upload
from labelling.data.receive_upload import receive_upload
from labelling.formats.spacy.write import words_of
from labelling.models import Gold, Item, Upload
from tests.formats.decided import built, crew, decide, downloaded, new_batch, new_item
from tests.formats.test_text_formats import SPANS, TEXT, spans_world, truths
from tests.formats.worlds import file, new_dataset, owner, reasons, remarks, upload_one

pytestmark = pytest.mark.django_db

# Written by spaCy 3.8.18: "  Thandi 🙂 moved to eThekwini.\nIn 東京 she sings. X case", its entities Thandi (PERSON) and eThekwini (Place),
# and the span group "sc" with "Thandi 🙂" (PERSON) and "🙂" (Odd one). PERSON, X and case have numbers of spaCy's own list.
BY_SPACY = (
    "eJzrXF6WWlScmZ+32EDPcGliSUlR8VxHZ08vbx9fP/+As4xHzjIePct4bFlJfnZqXvFRNokzHed8nuzyWwGjGQgAJhzijAT0bWD1/rcjXem77FVhtfjW0t+E7GGG0jWE"
    "DEYDRy1mdE75xq0Nowmpx+UfQsBzTVrZkmCPNTCaVvZM+KnAuMlyngmMppU9HiXHxcSzDhuqfv21QHg73zVC6mHxs0hUNKJCsek1sfYsOrTG583N+vUwmpB6cv3zSvxl"
    "ZZ1JLC+MppU9D+vOVB47VfI9edPtybr71mjSyh4hQelEsaqnjTCaVvZcZHlRW5bXFQujaWXPXX6RN+IPYybDaFrZQ6/0lgqlz12T1zm7KXYWrezhEzXWLfjeUwCjaWXP"
    "suKCxOTU4iP8DIxAABQAkUC0PCc1L70ko/gICz9QcHlxSVFmXnrxHQaxBQu5FikoLNRb5Jm33D8lRSE/L3VZgGtQsL/f0oAcoFHLQjIS81IyF0YsSU4sTl2ZGpKRml2e"
    "mZe5MrUEylqUmbc0N78sNWVxcUbq0mKQuctKwJoWleQvrFj2bO7GJ7vWLPkwf2YT0IyS4okNS9NyEtOLJzZuykgsji/Ny87LL8+Lhzj80GognRefXpRfWlA88UhR45Hs"
    "5iV5ibmpi4qTIfViw1KQiuJJRzSwhwBjDQOkWmOGBiMXpsrSpSdO5d12coeqAKnkBKmcCLQFAAO8+Zw="
)
# The same text with entities alone, and categories.
ENTITIES_BY_SPACY = (
    "eJzrXF6WWlScmZ+32EDPcGliSUlR8VxHZ08vbx9fP/+As4xHzjIePct4bFlJfnZqXvFRNokzHed8nuzyWwGjGQgAJhzijAT0bWD1/rcjXem77FVhtfjW0t+E7GGG0jWE"
    "DEYDRy1mdE75xq0Nowmpx+UfQsBzTVrZkmCPNTCaVvZM+KnAuMlyngmMppU9HiXHxcSzDhuqfv21QHg73zVC6mHxs0hUNKJCsek1sfYsOrTG583N+vUwmpB6cv3zSvxl"
    "ZZ1JLC+MppU9D+vOVB47VfI9edPtybr71mjSyh4hQelEsaqnjTCaVvZcZHlRW5bXFQujaWXPXX6RN+IPYybDaFrZQ6/0lgqlz12T1zm7KXYWrezhEzXWLfjeUwCjaWXP"
    "suKCxOTU4iP8DIxAABQAkUC0PCc1L70ko/gICz9QcHlxSVFmXnrxHQbRBQu5FikoLNRb5Jm3LMA1KNjfb2lADtCIZSEZiXkpmQsjliQnFqeuTA3JSM0uz8zLXJlaAmUt"
    "ysxbmptflpqyuDgjdWkxyLxlJWBNi0ryF1YsezZ345Nda5Z8mD+zCWhGSfHEpiV5qeXFp+0/QJy6tLggv6jktP3JmSAwa2laTmJ68cTGTRmJxfGledl5+eV58RDfHFoN"
    "pPPi04vySwuKJx5hnAAAmsvtmw=="
)


def inner(content: bytes) -> list[bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return [archive.read(name) for name in archive.namelist()]


def sent(content: bytes, name: str = "x.spacy", task_type: str = "spans"):
    return upload_one(new_dataset("text", task_type, name=f"Other {name}"), file(name, content))


# --- out, and in again ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("packing", ["zip", "alone"])
def test_marks_come_back_as_they_were_also_those_over_one_another(packing):
    content = downloaded(built(spans_world()), "spacy")
    [alone] = inner(content)
    made = sent(content, "back.zip") if packing == "zip" else sent(alone)
    assert (made.state, made.rows_added, made.rows_refused) == ("done", 2, 0), (made.error, reasons(made))
    golds = Gold.objects.filter(project=made.dataset.project).order_by("item").select_related("item")
    assert [gold.item.payload["text"] for gold in golds] == [TEXT, "Nothing."]
    assert [gold.truth["spans"] for gold in golds] == [SPANS, []]


def test_entities_are_those_that_do_not_lie_over_one_another():
    [content] = inner(downloaded(built(spans_world()), "spacy"))
    said = unpacked(zlib.decompress(content))
    texts = {number_of(text): text for text in said["strings"]}
    rows = memoryview(said["tokens"]).cast("Q")
    words = [(texts[rows[n]], rows[n + 1], texts.get(rows[n + 2], "")) for n in range(0, len(rows), 3)]
    assert [word for word in words if word[1] != 2] == [
        ("Thandi", 3, "Positive"), ("to", 3, "Negative"), ("eThekwini", 1, "Negative"), ("東", 3, "Negative"), ("京", 1, "Negative"),
    ]  # fmt: skip
    assert said["attrs"] == [65, 77, 78], "ORTH, ENT_IOB, ENT_TYPE"


def test_a_label_of_the_whole_text_is_a_category():
    dataset, workers = new_dataset(), crew(2)
    batch = new_batch(dataset)
    for number, label in enumerate(("pos", "neg")):
        decide(new_item(dataset, number), batch, {"label": label}, workers)
    [content] = inner(downloaded(built(dataset), "spacy"))
    assert unpacked(zlib.decompress(content))["cats"] == [
        {"Negative": 0.0, "Positive": 1.0},
        {"Negative": 1.0, "Positive": 0.0},
    ]
    into = new_dataset(name="Other")
    [made] = receive_upload(owner(into), into, files=[file("back.spacy", content)])
    Upload.objects.filter(pk=made.pk).update(
        reading={"columns": {"text": "text", "cats": "gold", "entities": "ignore"}}
    )
    import_upload(made.pk)
    assert [gold.truth["label"] for gold in Gold.objects.order_by("item")] == ["pos", "neg"]


@pytest.mark.parametrize("text", ["", "  a  b\n\n c ", "a", " ", "東京 a\u00a0b", "x\ty  "])
def test_words_and_their_blanks_are_the_text(text):
    words = words_of(text, [1] if text else [])
    assert "".join(text[start:end] + " " * space for start, end, space in words) == text


def test_many_texts_are_several_files(monkeypatch):
    monkeypatch.setattr(sys.modules["labelling.formats.spacy.write"], "TEXTS", 2)
    dataset, workers = new_dataset("text", "spans"), crew(1)
    batch = new_batch(dataset)
    for number in range(5):
        decide(new_item(dataset, number), batch, {"spans": [{"label": "pos", "start": 0, "end": 4}]}, workers)
    content = downloaded(built(dataset), "spacy")
    assert len(inner(content)) == 3
    made = sent(content, "back.zip")
    assert [text for text, _ in truths(made)] == [f"text {n}" for n in range(5)]


# --- what spaCy wrote -------------------------------------------------------------------------------------------------
def project(name: str, *labels: str):
    return new_dataset(
        "text", "spans", name, labels=[{"id": f"l{n}", "name": {"en": one}} for n, one in enumerate(labels)]
    )


def test_a_file_of_spacys_with_span_groups_is_read():
    dataset = project("Groups", "PERSON", "Odd one")
    made = upload_one(dataset, file("train.spacy", base64.b64decode(BY_SPACY)))
    assert (made.state, made.rows_added) == ("done", 1), (made.error, reasons(made))
    [(text, marks)] = truths(made)
    assert text == "  Thandi 🙂 moved to eThekwini.\nIn 東京 she sings. X case"
    assert marks == [("l0", "Thandi 🙂"), ("l1", "🙂")]


def test_a_file_of_spacys_with_entities_is_read():
    dataset = project("Entities", "PERSON", "Place")
    made = upload_one(dataset, file("train.spacy", base64.b64decode(ENTITIES_BY_SPACY)))
    assert [marks for _, marks in truths(made)] == [[("l0", "Thandi"), ("l1", "eThekwini")]]
    assert Item.objects.get().metadata == {"cats": "news"}


# --- what is broken ---------------------------------------------------------------------------------------------------
WHOLE = {
    "version": "0.1", "attrs": [65], "tokens": number_of("a").to_bytes(8, "little"), "spaces": b"\0", "lengths": b"\1\0\0\0",
    "strings": ["a"], "cats": [{}], "flags": [{}], "span_groups": [b""],
}  # fmt: skip
BROKEN = [
    b"\x78\x9c",
    b"\x78\x9c" + b"\0" * 50,
    zlib.compress(b""),
    zlib.compress(packed([1, 2])),
    zlib.compress(packed({**WHOLE, "attrs": []})),
    zlib.compress(packed({**WHOLE, "lengths": b"\xff\xff\xff\xff"})),
    zlib.compress(packed({**WHOLE, "lengths": b"\2\0\0\0"})),
    zlib.compress(packed({**WHOLE, "strings": []})),
    zlib.compress(packed({**WHOLE, "strings": [5]})),
    zlib.compress(packed({**WHOLE, "span_groups": [b"\x91"]})),
    zlib.compress(packed({**WHOLE, "lengths": b"", "tokens": b"", "spaces": b""})),
    zlib.compress(b"\x91" * 100_000),
    zlib.compress(b"\xdd\xff\xff\xff\xff"),
    zlib.compress(b"\xc7\x01\x00\x00"),
    zlib.compress(bytes(200 * 2**20)),
]


@pytest.mark.parametrize("content", BROKEN, ids=range(len(BROKEN)))
def test_what_is_no_docbin_is_one_sentence(content):
    made = sent(content)
    assert (made.state, Item.objects.count()) == ("failed", 0)
    assert made.error.endswith("."), made.error
    assert "DocBin" in made.error


def test_control_the_whole_one_is_taken_and_other_groups_are_told():
    group = packed({"name": "other", "attrs": {}, "spans": [bytes(24) + (0).to_bytes(4) + (1).to_bytes(4) + bytes(8)]})
    made = sent(zlib.compress(packed({**WHOLE, "span_groups": [packed({group: ["other"]})]})))
    assert (made.state, made.rows_added) == ("done", 1), made.error
    assert any("groups of spans other were left out" in sentence for _, _, sentence in remarks(made))


@pytest.mark.parametrize(
    "value",
    [None, True, 0, 127, 128, -1, 2**40, 1.5, "", "é" * 300, b"", b"x" * 70_000, list(range(20)), {"a": {"b": [1]}}],
)
def test_messagepack_comes_back(value):
    assert unpacked(packed(value)) == value
