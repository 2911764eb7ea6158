"""Items of parts by the label API and as known tasks; the roles that a project expects are looked at wherever an item comes in."""

import pytest

from labelling.data.add_parts import add_parts_item
from labelling.data.part_rows import completed_parts
from labelling.models import Item
from tests.formats.worlds import counts, file, reasons, upload_one
from tests.ml.label_calls import everything
from tests.worlds import opened, sentiment_world

pytestmark = pytest.mark.django_db
PAIR = [
    {"role": "prompt", "text": "Why?"},
    {"role": "candidate", "text": "So.", "meta": {"model": "m"}},
    {"role": "candidate", "text": "Thus."},
]
EXPECTS = {"prompt": {"least": 1, "most": 1, "kinds": ["text"]}, "candidate": {"least": 2, "most": 3}}


@pytest.fixture
def world(client):
    project = {"task_type": "pairwise", "medium": "parts", "config": {}, "expects": EXPECTS}
    made = sentiment_world(items=0, **project)
    client.force_login(made.requester)
    return made


def label(client, world, item):
    return client.post(f"/api/v1/projects/{world.project.pk}/label", {"item": item}, "application/json")


def opened_over_one(world):
    """A batch that stays open, over another pair."""
    parts, media, _ = completed_parts(world.project, [PAIR[0] | {"text": "What?"}, *PAIR[1:]], None)
    add_parts_item(world.dataset, parts, media)
    return opened(world, keep_open=True)


def test_a_pair_is_asked_of_people_and_the_same_pair_is_the_same_request(client, world):
    opened_over_one(world)
    asked = label(client, world, {"parts": PAIR})
    assert (asked.status_code, asked.json()["status"]) == (202, "waiting")
    item = Item.objects.get(pk=asked.json()["item"])
    assert [part["id"] for part in item.payload["parts"]] == ["p1", "p2", "p3"]
    assert item.payload["parts"][1]["meta"] == {"model": "m"}
    again = label(client, world, {"parts": [PAIR[0], PAIR[1] | {"meta": {}}, PAIR[2]]})
    assert again.json()["id"] == asked.json()["id"], "what is noted of a part makes it no other one"


BAD = [
    ({"parts": PAIR[1:]}, "item.parts", "parts must hold 1 of the role prompt: here are 0."),
    ({"parts": [*PAIR, *PAIR[1:]]}, "item.parts", "parts must hold 2 to 3 of the role candidate: here are 4."),
    ({"parts": [PAIR[0] | {"kind": "code"}, *PAIR[1:]]}, "item.parts[0].kind", "parts[0].kind must be one of text."),
    ({"parts": [*PAIR, {"role": "judge", "text": "x"}]}, "item.parts[3].role", None),
    ({"parts": [*PAIR, {"role": "image", "file": "a.png"}]}, "item.parts", None),
    ({"parts": [*PAIR, {"role": "image", "sha256": "0" * 64}]}, "item.parts[3].sha256", None),
    ({"parts": "x"}, "item.parts", None),
    ({"messages": []}, "item.messages", None),
    ({"messages": [{"role": "user", "content": "Hi"}]}, "item.parts", None),
    ({"text": "Why?"}, "item", None),
]  # fmt: skip


def test_what_is_wrong_with_a_part_is_one_sentence_and_changes_nothing(client, world):
    opened_over_one(world)
    before = everything()
    for item, field, sentence in BAD:
        refused = label(client, world, item)
        error = refused.json()["error"]
        assert (refused.status_code, error["field"]) == (400, field), item
        assert sentence in (None, error["message"])
    assert everything() == before


def test_a_chat_is_labelled_as_it_was_written(client):
    labels = {"labels": [{"id": "yes", "name": {"en": "Yes"}}, {"id": "no", "name": {"en": "No"}}]}
    made = sentiment_world(items=0, medium="parts", config=labels, expects={"assistant": {}})
    client.force_login(made.requester)
    chat = [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello."}]
    refused = label(client, made, {"messages": chat[:1]})
    assert refused.json()["error"]["message"] == "parts must hold at least 1 of the role assistant: here are 0."
    known = client.post(
        f"/api/v1/projects/{made.project.pk}/golds", {"messages": chat, "truth": {"label": "yes"}}, "application/json"
    )
    assert known.status_code == 201
    told = label(client, made, {"messages": chat})
    assert (told.status_code, told.json()["value"]["label_id"]) == (200, "yes")


def test_a_row_without_the_role_is_one_sentence_and_the_others_come(world):
    made = upload_one(world.dataset, file("a.csv", b"prompt,candidate_1,candidate_2\nWhy?,So.,Thus.\n,So.,No.\n"))
    assert counts(made) == ("done", 2, 1, 0, 1)
    assert reasons(made) == ["parts must hold 1 of the role prompt: here are 0."]


def test_what_a_project_expects_is_checked_and_can_be_changed(client, world):
    where = f"/api/v1/projects/{world.project.pk}"
    for expects, field in [
        ([], "expects"),
        ({"judge": {}}, "expects.judge"),
        ({"prompt": {"min": 1}}, None),
        ({"prompt": {"least": 3, "most": 2}}, "expects.prompt"),
        ({"prompt": {"kinds": []}}, "expects.prompt.kinds"),
    ]:
        refused = client.patch(where, {"expects": expects}, "application/json")
        assert refused.status_code == 400, expects
        assert field in (None, refused.json()["error"]["field"])
    assert client.get(where).json()["expects"] == EXPECTS
    changed = client.patch(where, {"expects": {"candidate": {"least": 2}}}, "application/json")
    assert (changed.status_code, changed.json()["expects"]) == (200, {"candidate": {"least": 2}})
    texts = sentiment_world(items=0)
    client.force_login(texts.requester)
    refused = client.patch(f"/api/v1/projects/{texts.project.pk}", {"expects": {"prompt": {}}}, "application/json")
    assert refused.json()["error"]["field"] == "expects"
