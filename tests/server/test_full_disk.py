"""A disk without room: 503 and when to come back, nothing by halves, and what was under way goes on when there is room.

The disk is a real one of a few megabytes, mounted where only a process of ours sees it.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.db import DatabaseError, connection
from django.test import RequestFactory

from intake.storage import WholeFiles
from server.away import unavailable

ROOT = Path(__file__).resolve().parents[2]
MOUNT = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c"]
needs_mount = pytest.mark.skipif(
    not shutil.which("unshare")
    or subprocess.run([*MOUNT, "mount -t tmpfs none /mnt"], capture_output=True).returncode != 0,
    reason="this machine lets nobody mount a small disk",
)


@needs_mount
@pytest.mark.django_db(transaction=True)
def test_uploads_to_a_full_disk_are_put_off_whole_and_go_on_when_there_is_room(tmp_path):
    script = Path(__file__).with_name("full_disk.py")
    name = connection.settings_dict["NAME"]
    environment = {
        **os.environ,
        "ILIMA_DATA": str(tmp_path),
        "DATABASE_URL": os.environ["DATABASE_URL"].replace("/ilima?", f"/{name}?"),
    }
    environment |= {"PYTHONPATH": f"{ROOT / 'platform'}{os.pathsep}{ROOT}", "ILIMA_TESTING": "1"}
    command = f"mount -t tmpfs -o size=6m none {tmp_path} && exec {sys.executable} {script}"
    done = subprocess.run([*MOUNT, command], env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    said = json.loads(done.stdout.strip().splitlines()[-1])
    for door in ("api", "page"):
        assert said[door] == {"status": 503, "retry_after": "60", "files": [], "uploads": 0}
    assert said["after"] == 202
    assert said["without room"][:1] == ["running"]
    assert "goes on by itself" in said["without room"][1]
    assert said["files beside"] == []
    assert said["with room"] == ["done", "", 2, 0]


def test_a_file_stands_whole_or_not_at_all(tmp_path):
    storage = WholeFiles(tmp_path)

    class Breaks(ContentFile):
        def chunks(self, chunk_size=None):
            yield b"half"
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        storage.save("a/b", Breaks(b"half and more"))
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    first, second = (storage.save("a/b", ContentFile(text)) for text in (b"one", b"two"))
    assert first == "a/b" != second
    assert [storage.open(name).read() for name in (first, second)] == [b"one", b"two"]


KILLED = """
import os, signal, sys
from django.conf import settings
settings.configure()
from django.core.files.base import ContentFile
from intake.storage import WholeFiles
class Killed(ContentFile):
    def chunks(self, chunk_size=None):
        yield b"half"
        os.kill(os.getpid(), signal.SIGKILL)
WholeFiles(sys.argv[1]).save("a/b", Killed(b"half and more"))
"""


def test_what_a_killed_process_left_half_written_is_swept_a_day_later(tmp_path):
    environment = {"PYTHONPATH": str(ROOT / "platform")}
    done = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], env=environment, check=False)
    assert done.returncode == -9
    storage = WholeFiles(tmp_path)
    storage.save("a/whole", ContentFile(b"whole"))
    [left] = [path for path in tmp_path.rglob("*") if path.is_file() and path.name != "whole"]
    assert storage.sweep() == 0  # somebody may still write
    for path in (left, tmp_path / "a" / "whole"):
        os.utime(path, (time.time() - 100_000,) * 2)
    assert storage.sweep() == 1
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["whole"]


@pytest.mark.django_db
def test_the_databases_own_full_disk_is_said_the_same_way():
    with pytest.raises(DatabaseError) as full, connection.cursor() as cursor:
        cursor.execute("DO $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$")
    response = unavailable(RequestFactory().post("/api/v1/work/answers"), full.value)
    assert (response.status_code, response["Retry-After"]) == (503, "60")
    assert json.loads(response.content)["error"]["code"] == "full"
