"""Every folder of the shared data sets in the formats of the field (Datumaro's own test files): it is imported, or what is left is said."""

import io
import zipfile

import pytest

from labelling.data.import_upload import import_upload
from labelling.data.say_columns import say_columns
from labelling.models import Upload
from tests.formats.worlds import file, new_dataset, owner, upload_one
from tests.servers import SHARED

FOLDER = SHARED / "data" / "media" / "formats" / "datumaro-assets"
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not FOLDER.exists(), reason="the shared data sets (../shared/data/media/formats) are absent"),
]


def labels(*names: str) -> list[dict]:
    return [{"id": f"l{n}", "name": {"en": name}} for n, name in enumerate(names)]


AB = labels("a", "b", "c")
# folder, task type, labels: items added, items whose truth is known, rows refused.
CASES = []


def sent(folder: str, task_type: str, asked: list[dict], medium: str, **more) -> Upload:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path in sorted((FOLDER / folder).rglob("*")):
            if path.is_file():
                archive.write(path, str(path.relative_to(FOLDER / folder)))
    fields = {"labels": asked} if asked else {}
    dataset = new_dataset(medium, task_type, **fields, **more)
    made = upload_one(dataset, file("all.zip", buffer.getvalue()))
    if made.state == Upload.State.ASKS:
        say_columns(owner(dataset), made.pk, {"columns": {"decision": "gold"}})
        import_upload(made.pk)
        made.refresh_from_db()
    return made
