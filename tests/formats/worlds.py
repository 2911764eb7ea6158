"""Projects to upload into, and files to upload."""

from __future__ import annotations

import io
import zipfile

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from labelling import task_types
from labelling.data.create_dataset import create_dataset
from labelling.data.import_upload import import_upload
from labelling.data.receive_upload import receive_upload
from labelling.models import Dataset, Item, RefusedRow, Upload
from labelling.projects.create_project import create_project
from people.models import Membership, Organisation, Person

LABELS = [{"id": "neg", "name": {"en": "Negative"}}, {"id": "pos", "name": {"en": "Positive"}}]


def new_dataset(medium: str = "text", task_type: str = "choice", name: str = "Acme", **more) -> Dataset:
    """more: settings besides the labels."""
    organisation = Organisation.objects.create(name=name)
    requester = Person.objects.create_user(email=f"upload-{organisation.pk}@example.org")
    Membership.objects.create(organisation=organisation, person=requester, role="owner")
    config = {"labels": LABELS} if task_types.get(task_type).needs_labels else {}
    config |= {"language": "en", "kind": "transcription"} if task_type == "text" else {}
    fields = {"title": "Uploads", "task_type": task_type, "medium": medium, "config": {**config, **more}}
    project = create_project(requester, organisation, **fields)
    return create_dataset(requester, project, "first")


def owner(dataset: Dataset) -> Person:
    return dataset.project.organisation.memberships.get(role="owner").person


def file(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def upload(dataset: Dataset, *files, urls=()) -> list[Upload]:
    """Received and imported, as the requester and Celery do it."""
    made = receive_upload(owner(dataset), dataset, files=files, urls=urls)
    for one in made:
        import_upload(one.pk)
    return list(Upload.objects.filter(pk__in=[one.pk for one in made]).order_by("pk"))


def upload_one(dataset: Dataset, *files, **more) -> Upload:
    (made,) = upload(dataset, *files, **more)
    return made


def counts(made: Upload) -> tuple[str, int, int, int, int]:
    return made.state, made.rows_done, made.rows_added, made.rows_known, made.rows_refused


def refused(made: Upload) -> list[tuple[int, str, str]]:
    return list(RefusedRow.objects.filter(upload=made).order_by("row", "pk").values_list("row", "name", "field"))


def reasons(made: Upload) -> list[str]:
    return list(RefusedRow.objects.filter(upload=made).order_by("row", "pk").values_list("reason", flat=True))


def texts(dataset: Dataset) -> list[str]:
    return [item.payload["text"] for item in Item.objects.filter(dataset=dataset).order_by("pk")]


def picture(colour: str = "red", size: tuple[int, int] = (40, 30), format: str = "PNG", **save) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", size, colour).save(buffer, format, **save)
    return buffer.getvalue()


def zipped(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def remarks(made: Upload) -> list[tuple[int, str, str]]:
    return list(made.remarks.order_by("row", "pk").values_list("row", "field", "remark"))
