"""A table under any header, in any script: where it is not plain what its columns hold, its sender says so first."""

import json
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from delivery.models import OutboxEvent
from labelling.data.import_upload import import_upload
from labelling.models import Gold, Item, Upload
from tests.formats.worlds import counts, file, new_dataset, owner, picture, reasons, texts, upload_one, zipped

pytestmark = pytest.mark.django_db
TWEETS = "Nr.;Wer;推文内容;Stimmung;Unnamed: 3\n7;ann;我很喜欢这个产品;Positive;\n8;bob;再也不买了，太差;Negative;\n".encode()


def guess(made: Upload) -> dict[str, str]:
    return {column["name"]: column["role"] for column in made.asked["columns"]}


def say(client, made: Upload, **said):
    client.force_login(owner(made.dataset))
    return client.post(f"/api/v1/uploads/{made.pk}/columns", said, content_type="application/json")


def imported(made: Upload) -> Upload:
    import_upload(made.pk)
    return Upload.objects.select_related("dataset__project").get(pk=made.pk)


# --- asked, said, imported --------------------------------------------------------------------------------------------
def test_any_header_in_any_script_is_asked_for_and_nothing_is_imported_before(client):
    made = upload_one(dataset := new_dataset(), file("a.csv", TWEETS))
    assert (counts(made), Item.objects.count()) == (("asks", 0, 0, 0, 0), 0)
    assert (guess(made)["Nr."], guess(made)["推文内容"]) == ("id", "text")
    assert guess(made)["Unnamed: 3"] == "ignore"
    assert made.asked["columns"][2]["values"] == ["我很喜欢这个产品", "再也不买了，太差"]
    columns = {"Nr.": "id", "推文内容": "text", "Stimmung": "gold", "Wer": "metadata", "Unnamed: 3": "ignore"}
    assert say(client, made, columns=columns).status_code == 202
    assert OutboxEvent.objects.filter(name="upload.received", payload__upload=made.pk).count() == 2
    assert counts(imported(made)) == ("done", 2, 2, 0, 0)
    first = Item.objects.select_related("gold").order_by("pk").first()
    assert (first.external_id, first.metadata, first.gold.truth) == ("7", {"Wer": "ann"}, {"label": "pos"})
    assert texts(dataset) == ["我很喜欢这个产品", "再也不买了，太差"]


@pytest.mark.parametrize(
    ("columns", "field"),
    [
        ({"推文内容": "words"}, "columns.推文内容"),
        ({"Tweet": "text"}, "columns.Tweet"),
        ({"推文内容": "text", "Wer": "text"}, "columns.Wer"),
        ({"推文内容": "metadata"}, "columns"),
        ({"推文内容": "file"}, "columns.推文内容"),
        ("text", "columns"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_the_name_of_the_field_and_changes_nothing(client, columns, field):
    made = upload_one(new_dataset(), file("a.csv", TWEETS))
    reply = say(client, made, columns=columns)
    assert (reply.status_code, reply.json()["error"]["field"]) == (400, field)
    assert Upload.objects.get().state == "asks"


def test_a_well_named_table_needs_no_step_and_is_not_asked_for_twice(client):
    made = upload_one(new_dataset(), file("a.csv", b"id, Text ,mood\n1,fine,x\n"))
    assert counts(made) == ("done", 1, 1, 0, 0)
    assert say(client, made, columns={"Text": "text"}).status_code == 409


def test_the_header_may_be_a_row_and_the_table_is_shown_anew(client):
    made = upload_one(dataset := new_dataset(), file("a.csv", b"7,The soup was cold\n8,The bread was fresh and warm\n"))
    assert (made.asked["header"], guess(made)) == (False, {"column 1": "metadata", "column 2": "text"})
    assert say(client, made, header=True).json()["state"] == "waiting"
    made = imported(made)
    assert (made.state, made.asked["header"]) == ("asks", False)  # a number is no name: shown so, and hers to say
    assert say(client, made, columns={"column 1": "id", "column 2": "text"}).status_code == 202
    assert counts(imported(made)) == ("done", 2, 2, 0, 0)
    assert texts(dataset)[0] == "The soup was cold"


def test_a_session_may_say_it_all_at_its_end(client):
    dataset = new_dataset("image")
    client.force_login(owner(dataset))
    session = str(uuid.uuid4())
    client.post(f"/api/v1/datasets/{dataset.pk}/upload-sessions", {"id": session}, content_type="application/json")
    sent = [SimpleUploadedFile("t.csv", b"Bild,Klasse,Q\na.png,POSITIVE,1\n"), SimpleUploadedFile("a.png", picture())]
    client.post(f"/api/v1/upload-sessions/{session}/files", {"files": sent})
    path, columns = f"/api/v1/upload-sessions/{session}/finish", {"Bild": "file", "Klasse": "gold", "Q": "ignore"}
    refused = client.post(path, {"columns": columns | {"Q": "quality"}}, content_type="application/json").json()
    assert refused["error"]["field"] == "columns.Q"
    (made,) = client.post(path, {"columns": columns}, content_type="application/json").json()["uploads"]
    assert counts(imported(Upload.objects.get(pk=made["id"]))) == ("done", 1, 1, 0, 0)
    assert (Gold.objects.get().truth, Item.objects.get().metadata) == ({"label": "pos"}, {})


def test_names_that_the_table_lacks_are_said_before_anything_is_imported():
    dataset = new_dataset()
    made = upload_one(dataset, file("a.csv", TWEETS))
    Upload.objects.update(state="waiting", reading={"columns": {"Tweet": "text"}})
    made = imported(made)
    assert (made.state, made.asked["missing"], Item.objects.count()) == ("asks", ["Tweet"], 0)


def test_nobody_else_may_say_it(client):
    made = upload_one(new_dataset(), file("a.csv", TWEETS))
    stranger = new_dataset(name="Other")
    client.force_login(owner(stranger))
    assert client.post(f"/api/v1/uploads/{made.pk}/columns", {}, content_type="application/json").status_code == 404
    assert client.get(reverse("console:upload_columns", args=[made.pk])).status_code == 404


# --- the guess --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("content", "roles"),
    [
        (
            b'"","review","stars"\n"1","quite good indeed",4\n"2","so bad",1\n',
            {"Unnamed: 0": "ignore", "review": "text"},
        ),
        (b"x y\n", None),
        (b"link\theadline\nhttps://a.example/1\tRain tomorrow\n", {"link": "metadata", "headline": "text"}),
        (b"uuid|Kommentar|\xc3\xa9tat\nab|Sehr gut|ok\ncd|Nicht gut genug|ok\n", {"uuid": "id", "Kommentar": "text"}),
        (b"user_id,item_id,body\n1,7,hello you\n1,8,bye\n", {"user_id": "metadata", "item_id": "id", "body": "text"}),
    ],
)
def test_the_guess_is_what_a_person_would_say(content, roles):
    made = upload_one(new_dataset(), file("a.csv", content))
    if roles is None:
        assert made.state == "done"
    else:
        assert guess(made).items() >= roles.items()


def test_objects_with_other_keys_are_asked_for_too(client):
    rows = [{"sentence": f"number {n}", "meta": {"n": n}, "tags": ["a"]} for n in range(3)]
    made = upload_one(new_dataset(), file("a.jsonl", "\n".join(map(json.dumps, rows)).encode()))
    assert (made.state, guess(made)["sentence"]) == ("asks", "text")
    say(client, made, columns={"sentence": "text", "tags": "ignore"})
    assert counts(imported(made)) == ("done", 3, 3, 0, 0)
    assert Item.objects.first().metadata == {"meta": {"n": 0}}


def test_a_column_whose_values_are_the_files_that_came_needs_no_question():
    table = "图片名称,Ort\na.png,Kap\nsub/b.png,Durban\n".encode()
    content = {"t.csv": table, "a.png": picture("red"), "sub/b.png": picture("blue")}
    made = upload_one(new_dataset("image"), file("all.zip", zipped(content)))
    assert (counts(made), reasons(made)) == (("done", 2, 2, 0, 0), [])
    assert Item.objects.order_by("pk").first().metadata == {"Ort": "Kap"}


def test_where_another_column_may_be_the_truth_it_is_asked_whether_it_is():
    table = b"Picture,Class\na.png,positive\nb.png,NEGATIVE\n"
    content = {"t.csv": table, "a.png": picture("red"), "b.png": picture("blue")}
    made = upload_one(new_dataset("image"), file("all.zip", zipped(content)))
    assert (made.state, guess(made)) == ("asks", {"Picture": "file", "Class": "metadata"})


@pytest.mark.parametrize("header", ["text,text", "id,Text,TEXT ", "url,file,file"])
def test_a_name_that_two_columns_have_is_not_plain(header):
    medium = "text" if "ext" in header else "image"
    made = upload_one(new_dataset(medium), file("a.csv", f"{header}\n{'a,' * header.count(',')}b\n".encode()))
    assert (made.state, Item.objects.count()) == ("asks", 0)


# --- the page ---------------------------------------------------------------------------------------------------------
def test_the_page_shows_the_first_rows_and_takes_what_is_chosen(client):
    made = upload_one(new_dataset(), file("<b>.csv", TWEETS))
    client.force_login(owner(made.dataset))
    data = reverse("console:data", args=[made.dataset.project_id])
    assert reverse("console:upload_columns", args=[made.pk]) in client.get(data).content.decode()
    address = reverse("console:upload_columns", args=[made.pk])
    shown = client.get(address).content.decode()
    assert "再也不买了，太差" in shown
    assert shown.count('<select name="column-') == 5
    form = {"header": "yes", "then": "import", "column-0": "id", "column-1": "metadata", "column-2": "metadata"}
    assert client.post(address, form).status_code == 400
    assert client.post(address, form | {"column-2": "text", "column-3": "gold"}).status_code == 302
    assert counts(imported(made)) == ("done", 2, 2, 0, 0)
    assert client.get(address).url == reverse("console:upload", args=[made.pk])


def test_she_may_ask_to_see_the_columns_of_a_well_named_table(client):
    dataset = new_dataset()
    client.force_login(owner(dataset))
    begun = client.post(reverse("console:begin_files", args=[dataset.project_id])).json()
    client.post(begun["files"], {"files": [SimpleUploadedFile("a.csv", b"text,label\nfine,Positive\n")]})
    client.post(
        reverse("console:finish_files", args=[dataset.project_id, begun["id"]]),
        {"ask": "1"},
        headers={"HX-Request": "true"},
    )
    assert imported(Upload.objects.get()).state == "asks"
