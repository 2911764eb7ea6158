"""The requester's own words are the labels, wherever somebody reads or writes them; ids are ours and seen by nobody."""

import csv
import io
import json
import re

import pytest
from django.urls import reverse

from console.forms import read_label
from kernel.errors import DomainError
from labelling.data.add_items import add_text_item
from labelling.data.create_dataset import create_dataset
from labelling.models import Dataset, Gold, Project
from labelling.projects.create_project import create_project
from labelling.task_types.label_names import colour_of, label_finder, name_of, with_ids, with_names
from people.models import Membership, Organisation, Person
from tests.formats.decided import built, crew, decide, downloaded, new_batch
from tests.formats.worlds import file, owner, picture, remarks, upload_one, zipped

pytestmark = pytest.mark.django_db

HERS = [
    "C",
    "C++",
    "C#",
    "正面",
    "👍",
    "👎",
    "Refund_not_showing_up?",
    "1",
    'I\'d say "no"',
    "a|b",
    "{x}",
    "é",
    "A",
    "a",
]
OUR_ID = re.compile(r"\bl[0-9a-f]{8}\b")


def made(labels, task_type: str = "choice", medium: str = "text") -> Dataset:
    organisation = Organisation.objects.create(name="Hers")
    requester = Person.objects.create_user(email="names@example.org")
    Membership.objects.create(organisation=organisation, person=requester, role="owner")
    fields = {"title": "Names", "task_type": task_type, "medium": medium, "config": {"labels": labels}}
    return create_dataset(requester, create_project(requester, organisation, **fields), "first")


def ids_of(project: Project) -> dict[str, str]:
    return {name_of(label): label["id"] for label in project.config["labels"]}


# --- making them ------------------------------------------------------------------------------------------------------
def test_seventy_seven_pasted_labels_are_labels_of_their_own(client):
    requester = Person.objects.create_user(email="paste@example.org")
    organisation = Organisation.objects.create(name="Bank")
    Membership.objects.create(organisation=organisation, person=requester, role="owner")
    client.force_login(requester)
    pasted = [*HERS, *(f"card_payment_{n}?" for n in range(77 - len(HERS)))]
    form = {
        "organisation": organisation.pk, "title": "Intents", "labels": "\r\n".join(["", *pasted, "   "]), "language": "en",
        "instructions_en": "Read.", "target": "95", "min_answers": 2, "max_answers": 5, "estimated_task_s": 8,
    }  # fmt: skip
    assert client.post(reverse("console:new_project", args=["topic"]), form).status_code == 302
    labels = Project.objects.get(title="Intents").config["labels"]
    assert [label["name"]["en"] for label in labels] == pasted
    assert len({label["id"] for label in labels}) == len({label["colour"] for label in labels}) == 77


def test_colours_are_all_different():
    assert len({colour_of(place) for place in range(200)}) == 200


def test_a_line_of_the_form_is_the_label_and_may_have_its_isizulu_behind_it():
    assert read_label(" Cat | Ikati ", 0)["name"] == {"en": "Cat", "zu": "Ikati"}
    assert read_label("C|C++", 0)["name"] == {"en": "C|C++"}


@pytest.mark.parametrize(
    ("labels", "says"),
    [
        (["Cat", "Dog", "Cat"], "two labels are named Cat"),
        (["Café", "Cafe\u0301"], "two labels are named Café"),
        (["Not  sure", " Not sure"], "two labels are named Not sure"),
        (["Cat", "Cat\u200b"], "two labels are named Cat"),
        (["Cat", ""], "config.labels[1].name"),
        (["Cat", " \u00a0"], "config.labels[1].name"),
        (["Cat", "\u200b"], "config.labels[1].name is blank"),
        (["Cat", 7], "config.labels[1]"),
        (["Cat", {"name": "Dog", "multiple": True}], "config.labels[1].multiple"),
        ([{"id": "Cat!", "name": "Cat"}], "config.labels[0].id"),
    ],
)
def test_what_nobody_could_tell_apart_or_see_is_refused_in_one_sentence(labels, says):
    with pytest.raises(DomainError, match=re.escape(says)):
        made(labels)
    assert Project.objects.count() == 0


# --- finding them -----------------------------------------------------------------------------------------------------
def test_a_label_is_found_by_its_name_or_its_id_in_any_case_but_never_guessed():
    project = made(HERS).project
    find, ids = label_finder(project.config), ids_of(project)
    assert {name: find(name) for name in HERS} == ids
    assert {label_id: find(label_id) for label_id in ids.values()} == {one: one for one in ids.values()}
    assert find("REFUND NOT-SHOWING up?") == ids["Refund_not_showing_up?"]
    assert find("E\u0301") == ids["é"]
    assert (find(1), find("c"), find("A"), find("a")) == (ids["1"], ids["C"], ids["A"], ids["a"])
    assert find("c-") is None
    assert (
        label_finder({"labels": [{"id": "x", "name": {"en": "No-go"}}, {"id": "y", "name": {"en": "No go"}}]})("NO GO")
        is None
    )


def test_values_leave_with_names_and_come_back_as_they_were():
    config = {"labels": [{"id": "1", "name": {"en": "2"}}, {"id": "2", "name": {"en": "1"}}]}
    value = {"boxes": [{"label": "1", "x": 0}, {"label": "2", "x": 1}]}
    said = with_names(value, {"1": "2", "2": "1"})
    assert [(box["label"], box["label_id"]) for box in said["boxes"]] == [("2", "1"), ("1", "2")]
    assert with_names(said, {}) == said
    assert with_ids(said, label_finder(config)) == value


# --- files in and out -------------------------------------------------------------------------------------------------
def test_gold_of_a_table_is_told_in_her_words_and_a_wrong_one_is_answered_in_them():
    dataset = made(HERS)
    rows = "".join(f'text {n},"{name.replace(chr(34), chr(34) * 2)}"\n' for n, name in enumerate(HERS))
    upload = upload_one(dataset, file("t.csv", f"text,gold\n{rows}other,nothing\n".encode()))
    assert (upload.rows_added, upload.rows_refused) == (len(HERS), 1)
    assert [gold.truth["label"] for gold in Gold.objects.order_by("item")] == list(ids_of(dataset.project).values())
    reason = upload.refused.get().reason
    assert "C++" in reason
    assert not OUR_ID.search(reason)


def test_categories_of_a_coco_file_are_her_words_and_leave_as_they_came():
    dataset = made(["C++", "正面"], "boxes", "image")
    coco = {
        "images": [{"id": 1, "file_name": "a.png", "width": 40, "height": 30}],
        "annotations": [{"id": n, "image_id": 1, "category_id": n, "bbox": [n, 2, 5, 6]} for n in (1, 2)],
        "categories": [{"id": 1, "name": "c++"}, {"id": 2, "name": "正面"}],
    }
    upload = upload_one(dataset, file("z.zip", zipped({"a.png": picture(), "coco.json": json.dumps(coco).encode()})))
    assert (upload.rows_added, remarks(upload)) == (1, [])
    gold, ids = Gold.objects.get(), ids_of(dataset.project)
    assert {box["label"] for box in gold.truth["boxes"]} == set(ids.values())
    decide(gold.item, new_batch(dataset), gold.truth, crew(1))
    out = json.loads(downloaded(built(dataset, gold=True), "coco"))
    assert [one["name"] for one in out["categories"]] == ["C++", "正面"]
    assert sorted(one["category_id"] for one in out["annotations"]) == [1, 2]


def test_a_release_speaks_her_words_and_goes_on_saying_what_it_said():
    dataset = made(["C", "C++"])
    ids = ids_of(dataset.project)
    item = add_text_item(dataset, "template<>", metadata={"n": 2**70})
    decide(item, new_batch(dataset), {"label": ids["C++"]}, crew(2))
    release = built(dataset)
    config = dataset.project.config
    Project.objects.update(config={"labels": [config["labels"][0], config["labels"][1] | {"name": {"en": "Cpp"}}]})
    release.refresh_from_db()
    line = json.loads(downloaded(release, "jsonl"))
    assert line["decision"] == line["answers"][0]["value"] == {"label": "C++", "label_id": ids["C++"]}
    assert line["metadata"] == {"n": 2**70}
    (row,) = csv.DictReader(io.StringIO(downloaded(release, "csv").decode("utf-8-sig"), newline=""))
    assert row["decision"] == "C++"


# --- seen -------------------------------------------------------------------------------------------------------------
def test_no_page_of_the_console_shows_an_id(client):
    dataset = made(HERS)
    ids = ids_of(dataset.project)
    item = add_text_item(dataset, "some text")
    decide(item, new_batch(dataset), {"label": ids["C#"]}, crew(2))
    client.force_login(owner(dataset))
    pages = [reverse(f"console:{name}", args=[dataset.project_id]) for name in ("project", "data", "items", "disputed")]
    shown = "".join(client.get(page).content.decode() for page in [*pages, reverse("console:item", args=[item.pk])])
    assert "C#" in shown
    # the answer as JSON, and the task that the editor reads
    for_programs = r'<option[^>]*>|data-start="[^"]*"|<textarea.*?</textarea>|<script[^>]*json.*?</script>'
    seen = re.sub(for_programs, "", shown, flags=re.S)
    assert [seen[m.start() - 90 : m.end() + 20] for m in OUR_ID.finditer(seen)] == []


def test_the_api_takes_names_and_says_both(client):
    requester = Person.objects.create_user(email="api@example.org")
    organisation = Organisation.objects.create(name="Api")
    Membership.objects.create(organisation=organisation, person=requester, role="owner")
    client.force_login(requester)
    body = {
        "organisation": organisation.pk,
        "title": "T",
        "task_type": "choice",
        "medium": "text",
        "config": {"labels": ["👍", {"name": "👎"}]},
    }
    project = client.post("/api/v1/projects", body, content_type="application/json").json()
    up, down = project["config"]["labels"]
    assert ([up["name"], down["name"]], bool(OUR_ID.fullmatch(up["id"]))) == ([{"en": "👍"}, {"en": "👎"}], True)
    gold = {"text": "well", "truth": {"label": "👍"}}
    told = client.post(f"/api/v1/projects/{project['id']}/golds", gold, content_type="application/json").json()
    assert told["truth"] == {"label": "👍", "label_id": up["id"]}
    assert Gold.objects.get().truth == {"label": up["id"]}
    batch = {"name": "b", "base_micro": 10_000, "keep_open": "yes"}
    refused = client.post(f"/api/v1/projects/{project['id']}/batches", batch, content_type="application/json")
    assert (refused.status_code, refused.json()["error"]["field"]) == (400, "keep_open")
