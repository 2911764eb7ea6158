"""Formats of what is said of a whole item: soft labels, doccano's classes, COCO captions, Common Voice."""

import json

import pytest
from pycocotools.coco import COCO

from intake.models import Media
from labelling.data.import_upload import import_upload
from labelling.data.say_columns import say_columns
from labelling.models import Gold, Item, Suggestion, Upload
from tests.formats.decided import answer, built, crew, decide, downloaded, new_batch, new_item
from tests.formats.worlds import file, new_dataset, owner, picture, reasons, remarks, texts, upload_one, zipped
from tests.intake.files import tone

pytestmark = pytest.mark.django_db


def lines(content: bytes) -> list[dict]:
    return [json.loads(line) for line in content.splitlines()]


def test_soft_labels_are_the_shares_of_those_who_were_counted():
    dataset, workers = new_dataset(), crew(4)
    batch, item = new_batch(dataset), new_item(dataset, 0)
    decide(item, batch, {"label": "pos"}, workers[:2])
    answer(item, batch, workers[2], {"label": "neg"})
    answer(item, batch, workers[3], {"label": "neg"}, counted=False)
    Gold.objects.create(item=new_item(dataset, 1), project=dataset.project, truth={"label": "neg"})
    [line] = lines(downloaded(built(dataset, gold=True), "soft-labels"))
    assert (line["item"], line["text"], line["answers"], line["labels"]) == (item.pk, "text 0", 3, ["Positive"])
    assert line["shares"] == {"Positive": 0.666667, "Negative": 0.333333}


def test_of_several_labels_each_has_its_share_of_the_people():
    dataset, workers = new_dataset(task_type="choices"), crew(2)
    batch, item = new_batch(dataset), new_item(dataset, 0)
    decide(item, batch, {"labels": ["neg", "pos"]}, workers[:1])
    answer(item, batch, workers[1], {"labels": []})
    release = built(dataset)
    [line] = lines(downloaded(release, "soft-labels"))
    assert line["shares"] == {"Positive": 0.5, "Negative": 0.5}
    [line] = lines(downloaded(release, "doccano"))
    assert (line["text"], sorted(line["label"])) == ("text 0", ["Negative", "Positive"])


SHARES = "file,Positive,Negative,rater\na.jpg,0.75,0.25,x\nb.jpg,0.5,0.5,y\n"


def told(dataset, made: Upload, role: str) -> Upload:
    assert made.state == Upload.State.ASKS, (made.error, reasons(made))
    say_columns(owner(dataset), made.pk, {"columns": {"decision": role}})
    import_upload(made.pk)
    made.refresh_from_db()
    return made


@pytest.mark.parametrize("role", ["gold", "suggestion", "ignore"])
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("probs.csv", SHARES),
        ("probs.tsv", SHARES.replace(",", "\t")),
        (
            "probs.jsonl",
            '{"probs": {"Positive": 0.75, "Negative": 0.25}, "image": "a.jpg", "rater": "x"}\n'
            '{"probs": {"Positive": 0.5, "Negative": 0.5}, "image": "b.jpg", "rater": "y"}\n',
        ),
    ],
)
def test_shares_beside_their_pictures_become_what_she_says(name, content, role):
    dataset = new_dataset("image")
    made = upload_one(dataset, file("a.zip", zipped({**PICTURES, name: content.encode()})))
    made = told(dataset, made, role)
    assert (made.rows_added, made.rows_refused) == (2, 0), reasons(made)
    one, other = Item.objects.order_by("pk")
    assert one.metadata == {"shares": {"Positive": 0.75, "Negative": 0.25}, "rater": "x"}
    assert other.metadata["shares"] == {"Positive": 0.5, "Negative": 0.5}, "what people were not one about stays"
    assert [(gold.item, gold.truth) for gold in Gold.objects.all()] == [(one, {"label": "pos"})] * (role == "gold")
    said = [(guess.item, guess.value, guess.confidence_ppm) for guess in Suggestion.objects.all()]
    assert said == [(one, {"label": "pos"}, 750_000)] * (role == "suggestion")
    notes = [sentence for _, _, sentence in remarks(made)]
    assert notes == ["Several labels have the largest share: none of them was taken."] * (role != "ignore")


@pytest.mark.parametrize("task_type", ["choice", "choices"])
def test_our_soft_labels_come_in_again_with_what_was_decided(task_type):
    """Also where it is not what most people said, and of a long text."""
    dataset, workers = new_dataset(task_type=task_type), crew(3)
    batch, item = new_batch(dataset), new_item(dataset, 0, payload={"text": "long " * 2_000 + "end"})
    values = ({"label": "pos"}, {"label": "neg"}) if task_type == "choice" else ({"labels": []}, {"labels": ["neg"]})
    decide(item, batch, values[0], workers[:1])
    for worker in workers[1:]:
        answer(item, batch, worker, values[1])
    content = downloaded(built(dataset), "soft-labels")
    other = new_dataset(task_type=task_type, name="Other")
    made = told(other, upload_one(other, file("soft.jsonl", content)), "gold")
    assert (made.rows_added, made.rows_refused) == (1, 0), reasons(made)
    again = other.project.items.get()
    assert (again.external_id, again.gold.truth, again.payload) == ("row 0", values[0], item.payload)
    assert again.metadata["answers"] == 3
    assert again.metadata["shares"]["Negative"] == pytest.approx(2 / 3, abs=1e-6)


@pytest.mark.parametrize("share", ["-0.5", "1.5", "null", '"x"', "true", "[1]", '{"a": 1}', '"nan"'])
def test_what_is_no_share_costs_its_line(share):
    dataset = new_dataset()
    content = f'{{"shares": {{"Positive": 1, "Negative": 0}}, "text": "a"}}\n{{"shares": {{"Positive": {share}}}, "text": "b"}}\n'
    made = told(dataset, upload_one(dataset, file("a.jsonl", content.encode())), "gold")
    assert (made.rows_added, reasons(made)) == (1, ["The share of each label is a number from 0 to 1."])


@pytest.mark.parametrize(
    "table",
    [
        "text,Positive,Negative\na,1,0\nb,0,1\n",  # whole numbers may be anything
        "text,score,weight\na,0.5,0.25\nb,0.1,0.9\n",  # more or less than one together
        "text,score\na,1\nb,1\n",
    ],
)
def test_other_tables_of_numbers_are_tables(table):
    made = upload_one(dataset := new_dataset(), file("a.csv", table.encode()))
    assert (made.state, Gold.objects.count()) == ("done", 0), made.error
    assert texts(dataset) == ["a", "b"]


def media_of(dataset, kind: str, content_type: str) -> Media:
    return Media.objects.create(
        kind=kind, sha256="7" * 64, organisation_id=dataset.project.organisation_id, original="x", content_type=content_type,
        size_bytes=1, width_px=640, height_px=480, duration_ms=2000,
    )  # fmt: skip


def written(medium: str, content_type: str, name: str, text: str) -> tuple[Item, bytes]:
    dataset, workers = new_dataset(medium, "text", language="zu"), crew(3)
    media, batch = media_of(dataset, medium, content_type), new_batch(dataset)
    item = new_item(dataset, 0, payload={}, media=media, file_name="a/one.mp3")
    decide(item, batch, {"text": text}, workers[:2])
    answer(item, batch, workers[2], {"text": "Something else"})
    return item, downloaded(built(dataset), name)


def test_captions_are_read_by_the_tools_of_coco(tmp_path):
    item, content = written("image", "image/jpeg", "coco-captions", 'A "cat"\nin the sun')
    path = tmp_path / "captions.json"
    path.write_bytes(content)
    coco = COCO(str(path))
    [caption] = coco.loadAnns(coco.getAnnIds(imgIds=[item.pk]))
    assert caption["caption"] == 'A "cat"\nin the sun'
    assert coco.loadImgs([item.pk])[0]["file_name"] == "a/one.mp3"


def test_common_voice_has_a_line_a_clip_and_counts_who_agreed():
    _, content = written("audio", "audio/mpeg", "common-voice", "Sawubona\tmhlaba\nonke")
    header, line = content.decode().splitlines()
    said = dict(zip(header.split("\t"), line.split("\t"), strict=True))
    assert (said["path"], said["sentence"], said["locale"]) == ("a/one.mp3", "Sawubona mhlaba onke", "zu")
    assert (said["up_votes"], said["down_votes"]) == ("2", "1")


# --- in ---------------------------------------------------------------------------------------------------------------
CAPTIONS = {
    "info": {}, "images": [{"id": 7, "file_name": "a.jpg"}, {"id": 8, "file_name": "b.jpg"}, {"id": 9, "file_name": "gone.jpg"}],
    "annotations": [
        {"id": 1, "image_id": 7, "caption": "A cat."}, {"id": 2, "image_id": 7, "caption": "It sleeps."},
        {"id": 3, "image_id": 9, "caption": "x"}, {"id": 4, "image_id": 8, "caption": " "}, {"id": 5, "image_id": 8, "caption": 5},
    ],
}  # fmt: skip
PICTURES = {"a.jpg": picture("red", format="JPEG"), "b.jpg": picture("blue", format="JPEG")}


def captioned(name: str, whole: dict = CAPTIONS, task_type: str = "text") -> Upload:
    dataset = (
        new_dataset("image", task_type, kind="caption") if task_type == "text" else new_dataset("image", task_type)
    )
    return upload_one(dataset, file("a.zip", zipped({**PICTURES, name: json.dumps(whole).encode()})))


@pytest.mark.parametrize(
    ("name", "whole"),
    [
        ("x.json", CAPTIONS),
        # Of a large one only its name tells: its captions stand behind its pictures.
        (
            "annotations/captions_val.json",
            {"info": {}, "images": CAPTIONS["images"], "licenses": ["x" * 5000], **CAPTIONS},
        ),
    ],
)
def test_captions_beside_their_pictures_are_to_start_from_and_nobody_can_miss_them(name, whole):
    made = captioned(name, whole)
    assert (made.state, made.rows_added, Gold.objects.count()) == ("done", 2, 0), reasons(made)
    assert [(one.item.file_name, one.value) for one in Suggestion.objects.all()] == [("a.jpg", {"text": "A cat."})]
    assert [sentence for _, _, sentence in remarks(made)] == ["The file has 2 captions of it: the first was taken."]
    assert "gone" in reasons(made)[0]


def test_captions_of_a_file_that_marks_something_too_are_named_as_left_out():
    box = {"id": 6, "image_id": 7, "bbox": [1, 1, 5, 5], "category_id": 1}
    whole = {**CAPTIONS, "annotations": [box, *CAPTIONS["annotations"]], "categories": [{"id": 1, "name": "Positive"}]}
    made = captioned("instances.json", {"images": whole.pop("images"), "licenses": ["x" * 5000], **whole}, "boxes")
    assert (made.rows_added, Gold.objects.count()) == (2, 2)
    assert "5 captions of the COCO file were left out" in " ".join(sentence for _, _, sentence in remarks(made))


@pytest.mark.parametrize("role", ["gold", "suggestion", "ignore"])
def test_our_captions_by_themselves_become_what_she_says(role):
    item, content = written("image", "image/jpeg", "coco-captions", "A cat.")
    Item.objects.update(content_hash=item.media.sha256)  # as it is when its picture is sent
    made = upload_one(dataset := item.dataset, file("release.json", content))
    assert made.state == Upload.State.ASKS, (made.error, reasons(made))
    say_columns(owner(dataset), made.pk, {"columns": {"decision": role}})
    import_upload(made.pk)
    made.refresh_from_db()
    assert (made.rows_known, Item.objects.count()) == (1, 1), (made.error, reasons(made))
    assert [one.truth for one in Gold.objects.all()] == [{"text": "A cat."}] * (role == "gold")
    assert [one.value for one in Suggestion.objects.all()] == [{"text": "A cat."}] * (role == "suggestion")


VOICES = "\n".join(
    [
        "client_id\tpath\tsentence_id\tsentence\tup_votes\tdown_votes\tage\tlocale",
        'a1\tone.wav\ts1\t"Sawubona", mhlaba\t2\t0\t\tzu',
        "a2\ttwo.wav\ts2\tUnjani\t1\t1\ttwenties\tzu",
        "a3\tthree.wav\ts3\tx\t2\t0\t\tzu",
        "a4\tone.wav",
        "a5\t\ts5\tx\t2\t0\t\tzu",
    ]
)


def test_common_voice_states_what_more_people_were_for():
    clips = {"clips/one.wav": tone(1.0), "clips/two.wav": tone(0.5), "clips/four.wav": tone(0.3)}
    dataset = new_dataset("audio", "text")
    made = upload_one(dataset, file("cv.zip", zipped({"validated.tsv": VOICES.encode(), **clips})))
    assert (made.state, made.rows_added) == ("done", 2), (made.error, reasons(made))
    assert [(one.item.file_name, one.truth["text"]) for one in Gold.objects.all()] == [
        ("one.wav", '"Sawubona", mhlaba')
    ]
    assert [(one.item.file_name, one.value["text"]) for one in Suggestion.objects.all()] == [("two.wav", "Unjani")]
    assert Item.objects.latest("pk").metadata["age"] == "twenties"
    said = " ".join(reasons(made))
    for sentence in (
        "no file named three.wav",
        "The line has 2 columns, the first one 8.",
        "names no clip",
        "does not name this file",
    ):
        assert sentence in said


def test_what_is_transcribed_leaves_as_common_voice_and_comes_in_again():
    clips = {"one.wav": tone(1.0), "two.wav": tone(0.5)}
    dataset = new_dataset("audio", "text", language="zu")
    upload_one(dataset, file("a.zip", zipped(clips)))
    batch, workers = new_batch(dataset), crew(3)
    for item, words in zip(Item.objects.order_by("pk"), ("Sawubona", 'Uthi "yebo"'), strict=True):
        decide(item, batch, {"text": words}, workers[:2])
    content = downloaded(built(dataset), "common-voice")
    made = upload_one(new_dataset("audio", "text", "Other"), file("b.zip", zipped({**clips, "back.tsv": content})))
    assert (made.rows_added, made.rows_refused) == (2, 0), (made.error, reasons(made))
    assert [gold.truth["text"] for gold in Gold.objects.order_by("item")] == ["Sawubona", 'Uthi "yebo"']
