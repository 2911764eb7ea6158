"""kill -9 of the process that imports, again and again: every good row arrives once, every bad one is reported once."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from kernel.locks import only_one
from labelling.data.import_upload import import_upload
from labelling.data.receive_upload import receive_upload
from labelling.models import Item, RefusedRow, Upload
from tests.formats.worlds import counts, file, new_dataset, owner

ROOT = Path(__file__).resolve().parents[2]
ROWS, BAD_EVERY, KILLS = 40_000, 1_000, 3
IMPORT = "import django; django.setup(); from labelling.data.import_upload import import_upload as run; run({})"


def importer(upload: Upload) -> subprocess.Popen:
    """A process of its own, on the test's database, as a Celery worker's would be."""
    settings = connection.settings_dict
    url = os.environ["DATABASE_URL"].replace("/ilima?", f"/{settings['NAME']}?")
    environment = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "server.settings", "CONN_MAX_AGE": "0"}
    environment["PYTHONPATH"] = f"{ROOT / 'platform'}:{ROOT}"
    return subprocess.Popen([sys.executable, "-c", IMPORT.format(upload.pk)], env=environment, cwd=ROOT)


def lock_of(upload: Upload) -> str:
    return f"labelling.upload:{upload.pk}"


def rows_done(upload: Upload) -> int:
    return Upload.objects.values_list("rows_done", flat=True).get(pk=upload.pk)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(
    "/ilima?" not in os.environ.get("DATABASE_URL", ""), reason="needs the embedded PostgreSQL's address"
)
def test_an_import_killed_at_any_moment_loses_and_doubles_nothing():
    dataset = new_dataset()
    rows = b"".join(b"%d,%s\n" % (i, b"" if i % BAD_EVERY == 7 else b"text %d" % i) for i in range(ROWS))
    (upload,) = receive_upload(owner(dataset), dataset, files=[file("a.csv", b"id,text\n" + rows)])
    seen = [0]
    for _ in range(KILLS):
        process = importer(upload)
        while process.poll() is None and rows_done(upload) == seen[-1]:
            time.sleep(0.01)  # the processor is the importer's
        assert process.poll() is None, "it was done before it could be killed"
        process.send_signal(signal.SIGKILL)
        process.wait()
        seen.append(rows_done(upload))
    assert 0 < seen[1] < seen[2] < seen[3] < ROWS

    while True:  # the dead process's connection lets go of the lock when the server notices
        with only_one(lock_of(upload)) as mine:
            if mine:
                break
    import_upload(upload.pk)
    upload.refresh_from_db()
    bad = ROWS // BAD_EVERY
    assert counts(upload) == ("done", ROWS, ROWS - bad, 0, bad)
    assert Item.objects.filter(dataset=dataset).count() == ROWS - bad
    found = list(RefusedRow.objects.filter(upload=upload).order_by("row").values_list("row", flat=True))
    assert found == [i + 1 for i in range(ROWS) if i % BAD_EVERY == 7]


@pytest.mark.django_db
def test_two_workers_with_the_same_upload_do_it_once():
    """Control of the lock: while another connection has it, nothing is touched."""
    dataset = new_dataset()
    (upload,) = receive_upload(owner(dataset), dataset, files=[file("a.csv", b"text\none\n")])
    settings = connection.settings_dict
    url = os.environ["DATABASE_URL"].replace("/ilima?", f"/{settings['NAME']}?")
    with psycopg.connect(url) as other:  # a transaction
        other.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [lock_of(upload)])
        import_upload(upload.pk)
        upload.refresh_from_db()
        assert counts(upload) == ("waiting", 0, 0, 0, 0)
    while True:
        with only_one(lock_of(upload)) as mine:
            if mine:
                break
    import_upload(upload.pk)
    upload.refresh_from_db()
    assert counts(upload) == ("done", 1, 1, 0, 0)
