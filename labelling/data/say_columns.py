"""The sender says what the columns of her table mean; then it is imported, or shown to her once more."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from delivery.outbox import emit
from kernel.errors import Conflict
from labelling.access import get_upload_for
from labelling.data.reading import checked_reading
from labelling.models import Upload
from people.audit import record
from people.models import Person


@transaction.atomic
def say_columns(actor: Person, upload_id: int, said: Mapping) -> Upload:
    """With `columns` it is imported. With only a header, an encoding or a shape it is read anew and shown again."""
    upload = get_upload_for(actor, upload_id, write=True, lock=True)
    if upload.state != Upload.State.ASKS:
        raise Conflict(
            "This upload asks nothing: send the table again to read it otherwise.", field="state", code="asks_nothing"
        )
    shown, kept = upload.asked or {}, dict(upload.reading or {})
    reads_anew = any(said.get(name) not in (None, shown.get(name)) for name in ("header", "encoding", "shape"))
    known = None if reads_anew else [column["name"] for column in shown["columns"]]
    asked = {name: shown[name] for name in ("header", "encoding", "shape") if _is_to_be_kept(name, shown)}
    kept |= asked | checked_reading(said, upload.dataset.project.medium, known)
    upload.reading = kept | {"ask": not said.get("columns")}
    upload.state, upload.error = Upload.State.WAITING, ""
    upload.save(update_fields=["reading", "state", "error"])
    emit("upload.received", {"upload": upload.pk})
    record(actor, "upload.columns", upload)
    return upload


def _is_to_be_kept(name: str, shown: dict) -> bool:
    """What she saw is what she says yes to, unless she says otherwise."""
    if name == "shape":
        return shown["shape"] in ("lines", "whole")
    return shown.get(name) is not None and (name != "encoding" or bool(shown["encoding"]))
