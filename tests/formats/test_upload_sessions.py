"""One upload is one upload, however many requests carry it, in whatever order, through whatever broken line."""

import io
import uuid
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, TestCase
from django.utils import timezone

from labelling.data.import_upload import import_upload
from labelling.data.upload_session import drop_unfinished
from labelling.models import Item, Upload, UploadPart, UploadSession
from tests.formats.worlds import counts, new_dataset, owner, picture, reasons

pytestmark = pytest.mark.django_db


class Sender:
    """A requester's session of one upload, over REST."""

    def __init__(self, dataset):
        self.client, self.dataset, self.id = Client(), dataset, uuid.uuid4()
        self.client.force_login(owner(dataset))
        self.begin()

    def begin(self):
        return self._post(f"datasets/{self.dataset.pk}/upload-sessions", {"id": str(self.id)}, "application/json")

    def _post(self, path: str, body, *kind):
        return self.client.post(f"/api/v1/{path}", body, *kind)

    def add(self, files: dict[str, bytes]):
        sent = [SimpleUploadedFile(path.rsplit("/", 1)[-1], content) for path, content in files.items()]
        return self._post(f"upload-sessions/{self.id}/files", {"files": sent, "paths": list(files)})

    def arrived(self) -> list[str]:
        listed = self.client.get(f"/api/v1/upload-sessions/{self.id}/files").json()["results"]
        return sorted(part["path"] for part in listed)

    def finish(self):
        return self._post(f"upload-sessions/{self.id}/finish", {}, "application/json")

    def imported(self) -> Upload:
        (made,) = self.finish().json()["uploads"]
        import_upload(made["id"])
        return Upload.objects.get(pk=made["id"])


def colours(n: int) -> dict[str, bytes]:
    return {f"photos/{i:03}.png": picture(f"#{i:02x}8040", size=(8, 8)) for i in range(n)}


def test_a_table_and_its_pictures_meet_whatever_request_they_came_in():
    sender, pictures = Sender(new_dataset("image")), colours(90)
    table = "file,id,gold\n" + "".join(f"{path},id {path[7:10]},pos\n" for path in pictures)
    names = list(pictures)
    assert sender.add({"labels.csv": table.encode(), **{n: pictures[n] for n in names[:39]}}).json()["added"] == 40
    for start in (39, 79):
        sender.add({name: pictures[name] for name in names[start : start + 40]})
    assert Upload.objects.count() == Item.objects.count() == 0  # nothing before the end
    made = sender.imported()
    assert counts(made) == ("done", 90, 90, 0, 0)
    assert Item.objects.filter(gold__isnull=False).count() == 90
    assert set(Item.objects.values_list("file_name", flat=True)) == set(pictures)


def test_a_broken_line_costs_only_what_had_not_arrived():
    sender, pictures = Sender(new_dataset("image")), colours(6)
    first = dict(list(pictures.items())[:4])
    assert sender.add(first).json()["added"] == 4
    with TestCase.captureOnCommitCallbacks(execute=True):
        assert sender.add(first).json()["added"] == 0  # the reply was lost: sent again, kept once
    kept = set(UploadPart.objects.values_list("stored", flat=True))
    assert {f"uploads/{sender.dataset.project.organisation_id}/{name}" for name in stored_of(sender)} == kept
    assert sender.begin().json()["files"] == 4
    assert sender.arrived() == sorted(first)
    sender.add(pictures)
    assert sender.arrived() == sorted(pictures)
    assert counts(sender.imported()) == ("done", 6, 6, 0, 0)


def stored_of(sender: Sender) -> list[str]:
    return default_storage.listdir(f"uploads/{sender.dataset.project.organisation_id}")[1]


def test_finishing_twice_is_one_upload_and_nothing_can_be_added_after():
    sender = Sender(new_dataset("image"))
    sender.add(colours(2))
    assert sender.finish().json() == sender.finish().json()
    assert Upload.objects.count() == 1
    refused = sender.add(colours(3))
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "finished")
    assert len(stored_of(sender)) == 2


@pytest.mark.parametrize("paths", [["a", "b"], ["a", "b", "c", "d"]])
def test_paths_are_one_for_each_file_or_none(paths):
    sender = Sender(new_dataset("image"))
    files = [SimpleUploadedFile(f"{i}.png", picture()) for i in range(3)]
    refused = sender.client.post(f"/api/v1/upload-sessions/{sender.id}/files", {"files": files, "paths": paths})
    assert (refused.status_code, refused.json()["error"]["field"]) == (400, "paths")
    assert sender.arrived() == []


def test_an_empty_session_cannot_be_finished_and_an_id_is_of_one_dataset():
    sender = Sender(new_dataset("image"))
    assert sender.finish().json()["error"]["field"] == "files"
    other = Sender(new_dataset("image", name="Other"))
    other.id = sender.id
    assert other.begin().status_code == 409
    assert other.add(colours(1)).status_code == 404


def test_texts_tables_and_zips_of_one_session_are_sorted_as_those_of_one_request():
    sender = Sender(new_dataset())
    sender.add({"a.csv": b"text\none\n", "b.txt": b"two"})
    sender.add({"c.jsonl": b'{"text": "three"}'})
    made = sender.finish().json()["uploads"]
    assert [(one["kind"], one["file_name"]) for one in made] == [
        ("csv", "a.csv"),
        ("jsonl", "c.jsonl"),
        ("files", "b.txt"),
    ]
    for one in made:
        import_upload(one["id"])
    assert {item.payload["text"] for item in Item.objects.all()} == {"one", "two", "three"}


def test_two_tables_beside_pictures_are_named_and_nothing_is_taken_without_its_table():
    sender = Sender(new_dataset("image"))
    sender.add({"a.csv": b"file\nx.png\n", **colours(1)})
    sender.add({"b.csv": b"file\ny.png\n"})
    made = sender.imported()
    assert (made.state, Item.objects.count()) == ("failed", 0)
    assert "a.csv, b.csv" in made.error


def test_two_files_of_one_path_and_other_bytes_are_two():
    sender = Sender(new_dataset("image"))
    sender.add({"a.png": picture("red")})
    sender.add({"a.png": picture("blue")})
    assert counts(sender.imported()) == ("done", 2, 2, 0, 0)


def test_an_empty_file_among_them_costs_itself():
    sender = Sender(new_dataset("image"))
    sender.add({"a.png": picture("red"), "b.png": b""})
    made = sender.imported()
    assert (counts(made), reasons(made)) == (("done", 2, 1, 0, 1), ["The file is empty."])


def test_what_nobody_finished_is_thrown_away_after_a_week_with_its_files():
    finished, left = Sender(new_dataset("image")), Sender(new_dataset("image", name="Other"))
    for sender in (finished, left):
        sender.add(colours(2))
    finished.finish()
    assert drop_unfinished() == 0
    UploadSession.objects.update(created_at=timezone.now() - timedelta(days=8))
    with TestCase.captureOnCommitCallbacks(execute=True):
        assert drop_unfinished() == 1
    assert (UploadSession.objects.get().pk, len(stored_of(finished)), stored_of(left)) == (finished.id, 2, [])


def test_one_request_takes_paths_too():
    dataset = new_dataset("image")
    client = Client()
    client.force_login(owner(dataset))
    files = [io.BytesIO(picture("red")), io.BytesIO(picture("blue"))]
    for file in files:
        file.name = "1.png"
    body = {"files": files, "paths": ["cats/1.png", "dogs/1.png"]}
    (made,) = client.post(f"/api/v1/datasets/{dataset.pk}/uploads", body).json()["uploads"]
    import_upload(made["id"])
    assert list(Item.objects.order_by("pk").values_list("file_name", flat=True)) == ["cats/1.png", "dogs/1.png"]
