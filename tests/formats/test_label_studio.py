"""Label Studio JSON: every answer that it can say leaves and comes in again; what its own server wrote comes in; hostile files are told."""

import json
from operator import itemgetter

import numpy as np
import pytest

from intake.models import Media
from labelling.data.import_upload import import_upload
from labelling.data.say_columns import say_columns
from labelling.formats.label_studio.brush import packed, unpacked
from labelling.formats.label_studio.read import is_table
from labelling.formats.label_studio.told import statements_of
from labelling.models import Gold, Item, Suggestion, Upload
from labelling.task_types.runs import text_of_mask
from tests.formats.decided import built, crew, decide, downloaded, new_batch, new_item
from tests.formats.test_figure_formats import FIRST, SECOND, SKELETON
from tests.formats.worlds import counts, file, new_dataset, owner, picture, reasons, remarks, upload_one, zipped

pytestmark = pytest.mark.django_db
WIDTH, HEIGHT = 400, 300
MASK = np.zeros((HEIGHT, WIDTH), dtype=bool)
MASK[40:90, 30:200] = MASK[200:, 350:] = True
REGION = {"label": "pos", "points": [[20, 20], [300, 26], [300, 56], [20, 50]], "text": "Rice & tea"}
QUESTIONS = [
    {
        "id": "kind",
        "title": {"en": "Kind"},
        "type": "choice",
        "settings": {"labels": [{"id": "a", "name": {"en": "A b"}}]},
    },
    {"id": "stars", "title": {"en": "Stars"}, "type": "rating", "settings": {"scale": 5}},
]
TREE = [["t1", 0, "Clothes"], ["t2", 1, "Shirts"]]
PARTS = [{"id": "q", "role": "prompt", "kind": "text", "text": "Sky?"}] + [
    {"id": one, "role": "candidate", "kind": "text", "text": words} for one, words in (("a", "Blue."), ("b", "Green."))
]


# --- out and in again -------------------------------------------------------------------------------------------------
def world(task_type: str, value: dict, medium: str, **more):
    """An item that is decided so, and what its content is."""
    dataset = new_dataset(medium, task_type, **more)
    payload = {"text": "Thandi 🙂 moved."} if medium == "text" else {"parts": PARTS} if medium == "parts" else {}
    fields = {"payload": payload, "metadata": {"page": 4}}
    if medium == "image":
        fields |= {"media": media_of(dataset), "file_name": "a.png"}
    item = as_sent(new_item(dataset, 1, **fields))
    decide(item, new_batch(dataset), value, crew(2))
    return dataset


def as_sent(item: Item) -> Item:
    """Known by its content, as an item that was uploaded."""
    if item.media:
        Item.objects.filter(pk=item.pk).update(content_hash=item.media.sha256)
    return item


def media_of(dataset, kind="image", **more):
    fields = {"kind": kind, "organisation_id": dataset.project.organisation_id, "original": "x", "size_bytes": 1}
    return Media.objects.create(
        **fields, sha256="9" * 64, content_type="image/png", width_px=WIDTH, height_px=HEIGHT, **more
    )


def sent_to(dataset, content: bytes, role: str = "gold") -> Upload:
    """A file alone: she is asked what its labels are to be."""
    made = upload_one(dataset, file("tasks.json", content))
    assert made.state == Upload.State.ASKS, (made.error, reasons(made))
    say_columns(owner(dataset), made.pk, {"columns": {"decision": role}})
    import_upload(made.pk)
    made.refresh_from_db()
    return made


CASES = [
    ("choice", {"label": "pos"}, "text", {}),
    ("choices", {"labels": ["neg", "pos"]}, "text", {}),
    ("taxonomy", {"label": "t2"}, "text", {"tree": TREE}),
    ("rating", {"rating": 4}, "text", {}),
    ("rating", {"rating": 0}, "text", {"scale": 100}),
    ("spans", {"spans": [{"label": "pos", "start": 0, "end": 8}, {"label": "neg", "start": 9, "end": 14}]}, "text", {}),
    ("form", {"answers": {"kind": {"label": "a"}, "stars": {"rating": 2}}}, "text", {"questions": QUESTIONS}),
    ("pairwise", {"chosen": "b"}, "parts", {}),
    ("pairwise", {"chosen": "same"}, "parts", {}),
    ("ranking", {"order": [["b"], ["a"]]}, "parts", {}),
    ("text", {"text": "A cat.\nTwo cats."}, "image", {"language": "en", "kind": "caption"}),
    ("boxes", {"boxes": [{"label": "pos", "x": 10, "y": 20, "width": 31, "height": 41}]}, "image", {}),
    ("polygons", {"polygons": [{"label": "neg", "points": [[1, 2], [301, 7], [160, 299]]}]}, "image", {}),
    ("regions", {"regions": [REGION]}, "image", {"language": "en"}),
    ("keypoints", {"figures": [FIRST, SECOND]}, "image", {"skeleton": SKELETON, "figures": "several"}),
    ("mask", {"masks": [{"label": "pos", "size": [HEIGHT, WIDTH], "counts": text_of_mask(MASK)}]}, "image", {}),
    ("boxes", {"boxes": []}, "image", {}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("task_type", "value", "medium", "more"), CASES, ids=[f"{one[0]}-{n}" for n, one in enumerate(CASES)]
)
def test_what_is_decided_leaves_and_comes_in_again(task_type, value, medium, more):
    """Texts and parts to another project; what is said of files to the one in which they lie."""
    dataset = world(task_type, value, medium, **more)
    content = downloaded(built(dataset), "label-studio")
    [task] = json.loads(content)
    assert (task["meta"], task["data"]["external_id"]) == ({"page": 4}, "row 1")
    is_new = medium in ("text", "parts")
    into = new_dataset(medium, task_type, name="Other", **more) if is_new else dataset
    made = sent_to(into, content)
    assert (counts(made), remarks(made)) == (("done", 1, int(is_new), int(not is_new), 0), []), reasons(made)
    item = Item.objects.select_related("gold").get(project=into.project)
    assert item.gold.truth == value
    assert (item.external_id, item.metadata) == ("row 1", {"page": 4})


# --- files of others --------------------------------------------------------------------------------------------------
def result(kind: str, value: dict, key: str = "", name: str = "label", **more) -> dict:
    key = key or f"{kind}-{len(str(value))}"
    return {"id": key, "from_name": name, "to_name": "x", "type": kind, "origin": "manual", "value": value, **more}


SIZE = {"original_width": WIDTH, "original_height": HEIGHT, "image_rotation": 0}
DRAWN = [
    result("rectanglelabels", {"x": 25, "y": 50, "width": 10, "height": 20, "rotation": 0, "rectanglelabels": ["Positive"]}, **SIZE),
    result("rectanglelabels", {"x": 50, "y": 50, "width": 10, "height": 20, "rotation": 90, "rectanglelabels": ["neg"]}, **SIZE),
    result("ellipselabels", {"x": 50, "y": 50, "radiusX": 5, "radiusY": 10, "rotation": 0, "ellipselabels": ["neg"]}, **SIZE),
    result("rectangle", {"x": 0, "y": 0, "width": 50, "height": 50, "rotation": 0}, "bare", **SIZE),
    result("labels", {"labels": ["Positive"]}, "bare", **SIZE),
    result("rectanglelabels", {"x": "1", "y": 0, "width": 5, "height": 5, "rectanglelabels": ["pos"]}, "bad", **SIZE),
    result("rectanglelabels", {"x": 1, "y": 0, "width": 5, "height": 5, "rectanglelabels": ["Tram"]}, "tram", **SIZE),
    result("keypointlabels", {"x": 1, "y": 1, "width": 0.5, "keypointlabels": ["Nose"]}, "alone", **SIZE),
    result("choices", {"choices": ["blurred"]}, name="quality"),
    result("choices", {"choices": ["red"], "x": 25, "y": 50, "width": 10, "height": 20}, "per region", name="colour"),
    {"type": "relation", "from_id": "a", "to_id": "b", "direction": "right"},
]  # fmt: skip
BOXES = [
    {"label": "pos", "x": 100, "y": 150, "width": 40, "height": 60},
    {"label": "neg", "x": 140, "y": 150, "width": 60, "height": 40},
    {"label": "neg", "x": 180, "y": 120, "width": 40, "height": 60},
    {"label": "pos", "x": 0, "y": 0, "width": 200, "height": 150},
]


def task(data: dict, *annotations, predictions=(), **more) -> dict:
    """As its server exports one, in its order of keys."""
    said = [
        {"id": n, "completed_by": 1, "result": one, "was_cancelled": False, **more}
        for n, one in enumerate(annotations, 1)
    ]
    guessed = [{"id": 1, "model_version": "v1", "score": score, "result": one} for score, one in predictions]
    return {
        "id": 7,
        "annotations": said,
        "drafts": [],
        "predictions": guessed,
        "data": data,
        "meta": {},
        "comment_count": 0,
    }


def test_a_zip_of_pictures_with_what_its_server_exported():
    tasks = [
        task({"image": "/data/upload/6/1f0a3b2c-a%20b.png", "page": 3}, DRAWN),
        task({"image": "/data/local-files/?d=x/c.png"}, []),
    ]
    pictures = {"images/1f0a3b2c-a b.png": picture(size=(WIDTH, HEIGHT)), "images/x/c.png": picture("blue")}
    made = upload_one(
        new_dataset("image", "boxes"), file("a.zip", zipped({"e.json": json.dumps(tasks).encode(), **pictures}))
    )
    assert counts(made) == ("done", 2, 2, 0, 0), reasons(made)
    first, second = Gold.objects.order_by("item").select_related("item")
    assert sorted(first.truth["boxes"], key=itemgetter("x")) == sorted(BOXES, key=itemgetter("x"))
    assert (second.truth, first.item.metadata) == ({"boxes": []}, {"page": 3})
    said = " ".join(sentence for _, _, sentence in remarks(made))
    for words in (
        "no label Tram",
        "are no numbers",
        "a point by itself",
        "does not ask: quality",
        "of single regions",
        "Relations",
    ):
        assert words in said, said


def test_people_are_asked_about_and_models_only_suggest():
    cat, dog = ([result("choices", {"choices": [name]})] for name in ("Positive", "neg"))
    tasks = [
        task({"text": "one"}, cat, dog, predictions=[(0.2, cat), (0.9, dog)]),
        task({"text": "two"}, predictions=[(0.5, cat)]),
        task({"text": "three"}, dog, was_cancelled=True),
    ]
    dataset = new_dataset()
    made = sent_to(dataset, json.dumps(tasks).encode())
    assert counts(made) == ("done", 3, 3, 0, 0)
    assert {gold.item.payload["text"]: gold.truth for gold in Gold.objects.select_related("item")} == {
        "one": {"label": "neg"}
    }
    guessed = {
        one.item.payload["text"]: (one.value, one.confidence_ppm) for one in Suggestion.objects.select_related("item")
    }
    assert guessed == {"one": ({"label": "neg"}, 900_000), "two": ({"label": "pos"}, 500_000)}
    assert [text for _, _, text in remarks(made)] == ["1 more annotations of this task were left out."]
    other = new_dataset(name="Guessed")
    made = upload_one(other, file("t.json", json.dumps(tasks[1:2]).encode()))
    assert (counts(made), Gold.objects.filter(project=other.project).count()) == (("done", 1, 1, 0, 0), 0)
    assert Suggestion.objects.filter(item__project=other.project).count() == 1


def test_tasks_that_are_nothing_but_data_are_items():
    dataset = new_dataset()
    tasks = [{"data": {"text": "one", "page": 1}}, {"data": {"text": "two"}}, {"data": 5}, {"data": {}}]
    made = upload_one(dataset, file("t.json", json.dumps(tasks).encode()))
    assert counts(made) == ("done", 4, 2, 0, 2)
    assert "has no data" in reasons(made)[0]


def test_marks_of_old_versions_count_utf16_units_and_are_found_by_their_words():
    text = "🙂 Thandi 🙂 moved"
    old, new = ({"start": at, "end": at + 6, "text": "Thandi", "labels": ["pos"]} for at in (3, 2))
    tasks = [task({"text": text}, [result("labels", old, "a"), result("labels", new, "b")])]
    sent_to(new_dataset("text", "spans"), json.dumps(tasks).encode())
    assert Gold.objects.get().truth == {"spans": [{"label": "pos", "start": 2, "end": 8}]}


# --- time -------------------------------------------------------------------------------------------------------------
KEYS = [[0, 0, 0, 100, 50], [400, 40, 0, 100, 50], [3960, 40, 0, 100, 50]]


@pytest.mark.parametrize(
    ("medium", "task_type", "value"),
    [
        ("audio", "segments", {"segments": [{"label": "pos", "start_ms": 123, "end_ms": 1456}]}),
        ("video", "segments", {"segments": [{"label": "pos", "start_ms": 400, "end_ms": 1200}]}),
        ("video", "tracks", {"tracks": [{"label": "pos", "keys": KEYS}, {"label": "neg", "keys": KEYS[1:2]}]}),
        ("audio", "segments", {"segments": []}),
    ],
)  # fmt: skip
def test_sounds_and_clips_come_back_to_the_millisecond_and_the_frame(medium, task_type, value):
    """100 frames of 40 ms."""
    dataset = new_dataset(medium, task_type)
    variants = {"video": {"name": "x", "frames": 100}} if medium == "video" else {}
    media = media_of(dataset, medium, duration_ms=4000, variants=variants)
    item = as_sent(new_item(dataset, 1, payload={}, media=media, file_name="a.mp3"))
    decide(item, new_batch(dataset), value, crew(2))
    made = sent_to(dataset, downloaded(built(dataset), "label-studio"))
    assert (counts(made), remarks(made)) == (("done", 1, 0, 1, 0), [])
    assert Gold.objects.get().truth == value


# --- brush ------------------------------------------------------------------------------------------------------------
def by_the_book(given: list[int]) -> list[int]:
    """thi-ng/umbrella's decoder, value by value."""
    bits = "".join(f"{one:08b}" for one in given)
    at = 0

    def read(n: int) -> int:
        nonlocal at
        at += n
        return int(bits[at - n : at], 2)

    total, word = read(32), read(5) + 1
    sizes = [read(4) + 1 for _ in range(4)]
    out: list[int] = []
    while len(out) < total:
        is_run, length = read(1), read(sizes[read(2)]) + 1
        out += [read(word)] * length if is_run else [read(word) for _ in range(length)]
    return out


def test_what_is_brushed_is_packed_as_its_editor_reads_it():
    random = np.random.default_rng(5)
    for mask in (MASK, random.random((37, 53)) < 0.5, np.zeros((5, 7), dtype=bool), np.ones((300, 301), dtype=bool)):
        given = packed(mask)
        assert by_the_book(given) == (np.repeat(mask.ravel(), 4) * 255).tolist()
        assert (unpacked(given, *mask.shape) == mask).all()
    literal = "".join(
        [f"{16:032b}", f"{7:05b}", *(f"{size - 1:04b}" for size in (3, 4, 8, 16)), "0", "01", f"{15:04b}"]
    )
    literal += "".join(f"{value:08b}" for value in [9, 9, 9, 0] * 2 + [0, 0, 0, 255] * 2)
    given = [int(literal[at : at + 8].ljust(8, "0"), 2) for at in range(0, len(literal), 8)]
    assert unpacked(given, 2, 2).tolist() == [[False, False], [True, True]], "only opacity counts"


@pytest.mark.parametrize(
    ("given", "size", "words"),
    [
        ([], (2, 2), "list of bytes"),
        ([256], (2, 2), "list of bytes"),
        ([True], (2, 2), "list of bytes"),
        ([255] * 6, (2, 2), "breaks off|another size"),
        (packed(np.ones((9, 9), dtype=bool)), (2, 2), "another size"),
        (packed(np.ones((9, 9), dtype=bool))[:-3], (9, 9), "breaks off"),
        ([1], (100_000, 100_000), "too large"),
    ],
)
def test_what_is_no_brush_is_told(given, size, words):
    with pytest.raises(ValueError, match=words):
        unpacked(given, *size)


# --- hostile ----------------------------------------------------------------------------------------------------------
STRANGE = [None, 5, "x", [], {}, [None], {"a": 1}, -1, 1e308, True, [[1, 2]], "\ud83d"]
VALUES = {
    "rectanglelabels": {"x": 1, "y": 1, "width": 1, "height": 1, "rotation": 0, "rectanglelabels": ["pos"]},
    "ellipselabels": {"x": 1, "y": 1, "radiusX": 1, "radiusY": 1, "rotation": 0, "ellipselabels": ["pos"]},
    "polygonlabels": {"points": [[1, 1], [2, 2], [3, 1]], "polygonlabels": ["pos"]},
    "brushlabels": {"format": "rle", "rle": [0, 0, 0, 16], "brushlabels": ["pos"]},
    "keypointlabels": {"x": 1, "y": 1, "keypointlabels": ["pos"]},
    "labels": {"start": 0, "end": 1, "text": "a", "labels": ["pos"]},
    "timelinelabels": {"ranges": [{"start": 1, "end": 2}], "framesCount": 5, "duration": 1, "timelinelabels": ["pos"]},
    "videorectangle": {"framesCount": 5, "sequence": [{"frame": 1, "x": 1, "y": 1, "width": 1, "height": 1}], "labels": ["pos"]},
    "choices": {"choices": ["pos"]}, "taxonomy": {"taxonomy": [["pos"]]}, "textarea": {"text": ["a"]}, "rating": {"rating": 1},
    "pairwise": {"selected": "left"}, "ranker": {"ranker": {"1": ["a"]}},
}  # fmt: skip


@pytest.mark.parametrize("kind", VALUES)
def test_no_result_is_so_strange_that_it_costs_more_than_itself(kind):
    for main in ({"text": "abc"}, {"file": "a.png"}, {"parts": [{"id": "a", "role": "candidate"}, 5]}):
        for name, strange in [(name, strange) for name in VALUES[kind] for strange in STRANGE]:
            for one in (
                result(kind, VALUES[kind] | {name: strange}, **SIZE),
                result(kind, VALUES[kind], **{**SIZE, "parentID": strange}),
            ):
                told = statements_of({"result": [one, strange, {"value": strange}, {**one, "value": strange}]}, main)
                assert all(sentence.endswith(".") for sentence in told.left)


def test_only_tasks_are_taken_for_tasks():
    for other in (
        '[{"text": "a", "data": 5}]',
        '{"images": [], "annotations": []}',
        "[1]",
        "",
        '[{"result": 5}]',
        '[{"data": "x"}]',
        '[{"text": "a", "data": 1, "result": 5}]',
    ):
        assert not is_table(other), other
    assert is_table('[\n {"id": 1, "annotations": [{"id": 2, "completed_by": 1, "result": [')
    assert is_table('[{"data": {"text": "a"}}]')
