"""Run by test_full_disk.py in a namespace of its own, with ILIMA_DATA on a disk of six megabytes. Says what it saw as JSON."""

import io
import json
import os
import tempfile
import zipfile
from pathlib import Path

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "server.settings"
django.setup()

from django.conf import settings  # noqa: E402
from django.test import Client  # noqa: E402
from PIL import Image  # noqa: E402

from labelling.data.import_upload import import_upload  # noqa: E402
from labelling.models import Upload  # noqa: E402
from people.actions.make_token import make_token  # noqa: E402
from tests.formats.worlds import new_dataset, owner  # noqa: E402

MEDIA = Path(settings.DATA_DIR) / "media"
FILLER = Path(settings.DATA_DIR) / "filler"


def sent(name: str, content: bytes) -> io.BytesIO:
    file = io.BytesIO(content)
    file.name = name
    return file


def picture(shade: int) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (300, 200), (shade, 90, 90)).save(out, "PNG")
    return out.getvalue()


def archive() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as bundle:
        for number in range(2):
            bundle.writestr(f"{number}.png", picture(number * 90))
    return out.getvalue()


def files() -> list[str]:
    return sorted(path.name for path in MEDIA.rglob("*") if path.is_file())


def seen(reply) -> dict:
    return {
        "status": reply.status_code,
        "retry_after": reply.headers.get("Retry-After"),
        "files": files(),
        "uploads": Upload.objects.count(),
    }


def main() -> dict:
    dataset = new_dataset("image")
    person = owner(dataset)
    program = Client(
        headers={"Authorization": f"Bearer {make_token(person, 'x', ['projects'])[1]}"}, raise_request_exception=False
    )
    person_at_page = Client(raise_request_exception=False)
    person_at_page.force_login(person)
    api, page = f"/api/v1/datasets/{dataset.pk}/uploads", f"/console/projects/{dataset.project_id}/data/files/"
    large = b"PK\x03\x04" + os.urandom(8_000_000)
    said = {"api": seen(program.post(api, {"files": [sent("large.zip", large)]}))}
    said["page"] = seen(person_at_page.post(page, {"files": [sent("large.zip", large)]}))
    said["after"] = program.post(api, {"files": [sent("small.zip", archive())]}).status_code
    upload = Upload.objects.get()
    before = files()
    FILLER.write_bytes(b"")
    with FILLER.open("wb", buffering=0) as filler:
        try:
            while filler.write(bytes(4096)):
                pass
        except OSError:
            pass
    try:
        import_upload(upload.pk)
    except OSError as full:
        upload.refresh_from_db()
        said["without room"] = [upload.state, upload.error, full.errno]
    said["files beside"] = [name for name in files() if name not in before]
    FILLER.unlink()
    import_upload(upload.pk)
    upload.refresh_from_db()
    said["with room"] = [upload.state, upload.error, upload.rows_added, upload.rows_refused]
    return said


tempfile.tempdir = "/tmp"
print(json.dumps(main()))
