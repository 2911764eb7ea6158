"""Import what was uploaded, a chunk at a time. Killed at any moment, it goes on behind the last chunk that was committed."""

from __future__ import annotations

import logging
import tempfile
import time
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path

from django.core.files.storage import default_storage
from django.db import InterfaceError, OperationalError, transaction

from intake import remote
from intake.errors import Unsafe
from intake.full import is_full
from intake.limits import ARCHIVE_BYTES
from intake.media import spool
from kernel.locks import only_one
from labelling.data.ahead import ahead
from labelling.data.checked import NewItem, checker, names_address
from labelling.data.columns import Asked
from labelling.data.insert import Written, insert_items
from labelling.data.patience import SLOW_ADDRESSES, Patience
from labelling.data.sources import Source, opened, opened_parts
from labelling.formats.rows import BadRow, BadTable, Refused, Remark, Row
from labelling.models import RefusedRow, RowRemark, Upload
from labelling.task_types.parts import text_of
from ledger import clock
from people.audit import record

log = logging.getLogger(__name__)

TEXT_CHUNK_ROWS, MEDIA_CHUNK_ROWS = 4_000, 100
COUNTS = ("rows_added", "rows_known", "rows_refused")
CHUNK_SIGNS = 8_000_000
CHUNK_S = 3  # progress is shown at least this often
TOLD_S = 1  # and within a document

GIVEN_UP = f"Not tried: {SLOW_ADDRESSES} addresses of this upload took all their time. Send it again when their server is quick."
NO_ROOM = "There is no room for files on our side just now. The import goes on by itself when there is."
OUR_FAULT = "Something went wrong on our side. What was added stays; send the file again."

Result = NewItem | Refused
ENDED = (Upload.State.DONE, Upload.State.FAILED)


class Overtaken(Exception):
    """Our lock was lost with its connection, and another process went on from the same row. Nothing of this chunk is written."""


def import_upload(upload_id: int, most_s: float | None = None) -> bool:
    """Import, for at most `most_s` seconds if given; False when there is more to do. Safe to repeat and to run twice at
    once: the second finds the job taken, or done."""
    with only_one(f"labelling.upload:{upload_id}") as mine:
        upload = Upload.objects.select_related("dataset__project").filter(pk=upload_id).first()
        if not mine or upload is None or upload.state not in Upload.UNFINISHED:
            return True
        try:
            return _import(upload, most_s)
        except Asked as asked:
            _go_on(upload, state=Upload.State.ASKS, asked=asked.proposal, rows_total=None)
        except Overtaken:
            log.warning("upload %d is imported by another process", upload_id)
        except (Unsafe, BadTable) as refused:
            _finish(upload, Upload.State.FAILED, str(refused))
        except (OperationalError, InterfaceError):  # the database is away: the sweep asks again
            raise
        except Exception as failure:
            if is_full(failure):  # so does it here, until there is room
                _go_on(upload, error=NO_ROOM)
                raise
            log.exception("upload %d failed", upload_id)
            _finish(upload, Upload.State.FAILED, OUR_FAULT)
        return True


def _import(upload: Upload, most_s: float | None) -> bool:
    began = time.monotonic()
    with _source(upload) as source:
        _start(upload, source.rows_total)
        with closing(_results_of(upload, source)) as chunks:
            for chunk in chunks:
                _write(upload, chunk)
                if most_s is not None and time.monotonic() - began > most_s:
                    return False
    if upload.rows_done == 0:
        raise BadTable("There are no rows in the file.")
    _finish(upload, Upload.State.DONE)
    return True


@contextmanager
def _source(upload: Upload) -> Iterator[Source]:
    if not upload.stored:
        with opened_parts(upload) as source:
            yield source
    else:
        with _local(upload.stored) as path, opened(upload, path) as source:
            yield source


@contextmanager
def _local(stored: str) -> Iterator[Path]:
    """The upload as a file: where it lies, or a copy when the storage is elsewhere."""
    try:
        local = Path(default_storage.path(stored))
    except NotImplementedError:
        local = None
    if local:
        yield local
    else:
        with tempfile.TemporaryDirectory(prefix="ilima-upload-") as folder, default_storage.open(stored) as remote:
            path = Path(folder) / "upload"
            spool(remote, path, ARCHIVE_BYTES)
            yield path


def _results_of(upload: Upload, source: Source) -> Generator[list[Result]]:
    """Chunks of what comes behind the rows that are done; of texts read ahead, for that needs no database."""
    project = upload.dataset.project
    rows = islice(source.rows, upload.rows_done, None)
    sentences = remote.patience_costs()
    spent = upload.refused.filter(reason__in=sentences).count()
    results = _results(rows, checker(project, source.fetch, _Pages(upload).told), Patience(spent, sentences))
    if project.medium == "text":
        return ahead(_chunks(results, TEXT_CHUNK_ROWS))
    return _chunks(results, MEDIA_CHUNK_ROWS)


class _Pages:
    """How far the document is that is taken in now, told every second: of a hundred pages it is one row."""

    def __init__(self, upload: Upload):
        self._here = Upload.objects.filter(pk=upload.pk)
        self._at = time.monotonic()

    def told(self, done: int, total: int) -> None:
        if time.monotonic() - self._at > TOLD_S:
            self._here.update(pages_done=done, pages_total=total)
            self._at = time.monotonic()


def _start(upload: Upload, rows_total: int | None) -> None:
    _go_on(upload, state=Upload.State.RUNNING, rows_total=rows_total, error="")


def _go_on(upload: Upload, **fields) -> None:
    """Compare and swap: only while nobody else went on from that row."""
    here = Upload.objects.filter(pk=upload.pk, rows_done=upload.rows_done).exclude(state__in=ENDED)
    if not here.update(**fields):
        raise Overtaken
    for name, value in fields.items():
        setattr(upload, name, value)


def _results(rows: Iterator[Row | Refused], checked, patience: Patience) -> Iterator[Result]:
    for row in rows:
        if isinstance(row, Refused):
            yield row
        elif patience.ended and names_address(row):
            yield Refused(row.number, row.place, "url", GIVEN_UP)
        else:
            yield _result(row, checked, patience)


def _result(row: Row, checked, patience: Patience) -> Result:
    try:
        item = checked(row)
    except BadRow as bad:
        patience.saw(bad.reason)
        return Refused(row.number, row.place, bad.field, bad.reason)
    if row.remarks:
        item.remarks += row.remarks
    return item


def _chunks(results: Iterator[Result], most: int) -> Generator[list[Result]]:
    chunk: list[Result] = []
    began, signs = time.monotonic(), 0
    for result in results:
        chunk.append(result)
        signs += len(text_of(result.payload)) if isinstance(result, NewItem) else 0
        if len(chunk) >= most or signs > CHUNK_SIGNS or time.monotonic() - began > CHUNK_S:
            yield chunk
            chunk, began, signs = [], time.monotonic(), 0
    if chunk:
        yield chunk


@transaction.atomic
def _write(upload: Upload, chunk: list[Result]) -> None:
    """Items, refused rows and how far we came: one transaction, so that no row is done twice or left out."""
    items = [result for result in chunk if isinstance(result, NewItem)]
    refused = [result for result in chunk if isinstance(result, Refused)]
    written = insert_items(upload.dataset, items, upload.created_by) if items else Written()
    if known := sum(item.gold is not None for item in items):
        record(upload.created_by, "gold.bring", f"upload:{upload.pk}", rows=known)
    refused += written.refused
    RefusedRow.objects.bulk_create([_refused_row(upload, one) for one in refused], batch_size=2_000)
    RowRemark.objects.bulk_create([_row_remark(upload, one) for one in written.remarks], batch_size=2_000)
    _go_on(
        upload,
        rows_done=upload.rows_done + len(chunk),
        pages_done=None,
        pages_total=None,
        rows_added=upload.rows_added + written.added,
        rows_refused=upload.rows_refused + len(refused),
        rows_known=upload.rows_known + len(items) - written.added - len(written.refused),
        rows_remarked=upload.rows_remarked + len(written.remarks),
    )


def _refused_row(upload: Upload, one: Refused) -> RefusedRow:
    place, field, reason = (_storable(text) for text in (one.place, one.field, one.reason))
    return RefusedRow(upload=upload, row=one.number, name=place[:255], field=field[:80], reason=reason)


def _row_remark(upload: Upload, one: Remark) -> RowRemark:
    place, field, text = (_storable(text) for text in (one.place, one.field, one.text))
    return RowRemark(upload=upload, row=one.number, name=place[:255], field=field[:80], remark=text)


def _storable(text: str) -> str:
    return text.replace("\0", "").encode("utf-8", "replace").decode()


@transaction.atomic
def _finish(upload: Upload, state: str, error: str = "") -> None:
    _go_on(upload, state=state, error=error, finished_at=clock.now(), rows_total=upload.rows_done)
    counts = {name: getattr(upload, name) for name in COUNTS}
    target = f"upload:{upload.pk}"
    record(upload.created_by, f"upload.{state}", target, **counts)
