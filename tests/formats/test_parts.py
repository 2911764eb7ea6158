"""Items of parts come as lists of parts, as chats, as one column a part and as pictures; they leave, and come back, as they are."""

import json

import pytest

from labelling.data.items import find_items
from labelling.data.remove import remove_items
from labelling.models import Item, PartMedia, Upload
from tests.formats.worlds import counts, file, new_dataset, owner, picture, reasons, refused, upload_one, zipped

pytestmark = pytest.mark.django_db


def lines(*rows) -> bytes:
    return "\n".join(json.dumps(row) for row in rows).encode()


def told(item: Item) -> list[tuple]:
    return [(part["role"], part.get("text", part.get("json"))) for part in item.payload["parts"]]


def test_parts_and_chats_of_json_lines():
    dataset = new_dataset("parts")
    chat = [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello."}]
    rows = [
        {
            "id": "a",
            "parts": [{"role": "prompt", "text": "Why?"}, {"role": "candidate", "text": "So.", "meta": {"model": "m"}}],
            "batch": 7,
        },
        {"id": "b", "messages": chat, "gold": "pos"},
        {"id": "a2", "parts": [{"role": "prompt", "text": "Why?"}, {"role": "candidate", "text": "So."}]},
        {"id": "c", "parts": [{"role": "prompt", "text": "x"}, {"role": "judge", "text": "x"}]},
        {"id": "d", "text": "alone"},
    ]
    made = upload_one(dataset, file("a.jsonl", lines(*rows)))
    assert counts(made) == ("done", 5, 2, 1, 2)
    assert refused(made) == [(4, "line 4", "parts[1].role"), (5, "line 5", "parts")]
    first, second = Item.objects.order_by("pk")
    assert told(first) == [("prompt", "Why?"), ("candidate", "So.")]
    assert (first.external_id, first.metadata) == ("a", {"batch": 7})
    assert told(second) == [("user", "Hi"), ("assistant", "Hello.")]
    assert second.gold.truth == {"label": "pos"}
    assert [one.pk for one in find_items(dataset.project, {"q": "hello"})[0]] == [second.pk]  # words of parts are found


def test_one_column_a_part():
    dataset = new_dataset("parts")
    made = upload_one(
        dataset, file("a.csv", b"id,prompt,candidate_1,candidate_2,model\n1,Why?,So.,Thus.,m\n2,What?,,It.,n\n")
    )
    assert counts(made) == ("done", 2, 2, 0, 0)
    first, second = Item.objects.order_by("pk")
    assert told(first) == [("prompt", "Why?"), ("candidate", "So."), ("candidate", "Thus.")]
    assert (first.external_id, first.metadata) == ("1", {"model": "m"})
    assert told(second) == [("prompt", "What?"), ("candidate", "It.")]


def test_columns_of_other_names_are_asked_with_a_guess():
    dataset = new_dataset("parts")
    made = upload_one(dataset, file("a.csv", b"question,response_a,response_b\nWhy?,So.,Thus.\n"))
    assert made.state == Upload.State.ASKS
    assert {one["name"]: one["role"] for one in made.asked["columns"]} == {
        "question": "prompt",
        "response_a": "candidate",
        "response_b": "candidate",
    }


def two_pictures(dataset):
    table = b"left,right,pair\na.png,sub/b.png,1\n"
    content = zipped({"pairs.csv": table, "a.png": picture("red"), "sub/b.png": picture("blue", (20, 10))})
    return upload_one(dataset, file("pairs.zip", content))


def test_two_pictures_by_the_columns_that_name_them_and_their_files_go_with_the_item():
    dataset = new_dataset("parts")
    assert counts(two_pictures(dataset))[:3] == ("done", 1, 1)
    item = Item.objects.get()
    left, right = item.payload["parts"]
    assert [(one["role"], one["kind"], one["width_px"]) for one in (left, right)] == [
        ("left", "image", 40),
        ("right", "image", 20),
    ]
    files = {one.part: one.media for one in PartMedia.objects.filter(item=item)}
    assert (files[left["id"]].sha256, files[right["id"]].sha256) == (left["sha256"], right["sha256"])
    assert remove_items(owner(dataset), dataset.project, [item.pk]) == {"deleted": 1, "archived": 0}
    assert not PartMedia.objects.exists()


def test_files_named_in_lists_of_parts_come_along_and_what_is_wrong_is_said():
    dataset = new_dataset("parts")
    rows = lines(
        {"parts": [{"role": "prompt", "text": "Which?"}, {"role": "candidate", "file": "a.png"}]},
        {"parts": [{"role": "candidate", "file": "missing.png"}]},
        {"parts": [{"role": "candidate", "file": "a.png", "kind": "audio"}]},
        {"parts": [{"role": "candidate", "kind": "image", "sha256": "0" * 64}]},
    )
    made = upload_one(dataset, file("a.zip", zipped({"rows.jsonl": rows, "a.png": picture()})))
    assert counts(made) == ("done", 4, 1, 0, 3)
    assert reasons(made) == [
        "There is no file named missing.png in the zip.",
        "parts[0].kind is audio, and its file is image.",
        "parts[0].sha256 is no file that you sent.",
    ]


def test_no_other_organisation_takes_a_file_by_its_hash():
    two_pictures(new_dataset("parts"))
    hash_of = PartMedia.objects.first().media.sha256
    made = upload_one(
        new_dataset("parts", name="Other"),
        file("a.jsonl", lines({"parts": [{"role": "left", "kind": "image", "sha256": hash_of}]})),
    )
    assert counts(made) == ("done", 1, 0, 0, 1)
