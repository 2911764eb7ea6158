"""The same uploads, variants and releases on S3-compatible storage, spoken to over HTTP."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from urllib.parse import parse_qs, urlsplit

import boto3
import pytest
import requests
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.test import Client, override_settings
from moto.server import ThreadedMotoServer

from intake.away import StorageAway
from intake.urls import variant_url
from labelling.models import Item, Upload
from tests.formats.decided import built, crew, decide, downloaded, new_batch
from tests.formats.worlds import counts, file, new_dataset, owner, picture, upload_one, zipped

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def endpoint():
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(endpoint):
    """A bucket of this test's own, as the default storage."""
    with bucket_at(endpoint) as keys:
        yield keys


@contextmanager
def bucket_at(endpoint: str):
    keys = {"aws_access_key_id": "key", "aws_secret_access_key": "secret", "region_name": "us-east-1"}
    name = f"ilima-{uuid.uuid4().hex}"
    client = boto3.client("s3", endpoint_url=endpoint, **keys)
    client.create_bucket(Bucket=name)
    options = {
        "bucket_name": name,
        "endpoint_url": endpoint,
        "region_name": "us-east-1",
        "access_key": "key",
        "secret_key": "secret",
        "addressing_style": "path",
        "signature_version": "s3v4",
        "default_acl": "private",
        "file_overwrite": False,
    }
    storage = {"BACKEND": "intake.bucket.MediaStorage", "OPTIONS": options}
    static = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(STORAGES={"default": storage, "staticfiles": static}):
        yield lambda: sorted(found["Key"] for found in client.list_objects_v2(Bucket=name).get("Contents", []))


def test_pictures_are_imported_and_served_from_the_bucket(bucket, settings):
    settings.ROOT_URLCONF, settings.ALLOWED_HOSTS = "intake.urls", ["media.test"]
    settings.MEDIA_ORIGIN, settings.PUBLIC_URL = "http://media.test", "http://app.test"
    dataset = new_dataset("image")
    made = upload_one(dataset, file("a.zip", zipped({"a.png": picture(size=(900, 600)), "b.svg": b"<svg/>"})))
    assert counts(made) == ("done", 2, 1, 0, 1)
    media = Item.objects.select_related("media").get().media
    assert [key.split("/")[0] for key in bucket()] == ["originals", "uploads", *["variants"] * 4]

    url = variant_url(media, "640").removeprefix("http://media.test")
    sent_on = Client().get(url, HTTP_HOST="media.test")
    assert (sent_on.status_code, sent_on["Access-Control-Allow-Origin"]) == (302, "http://app.test")
    bucket_url = sent_on["Location"]
    response = requests.get(bucket_url, timeout=20)
    assert (response.status_code, response.content[:4], response.content[8:12]) == (200, b"RIFF", b"WEBP")
    assert response.headers["Content-Type"] == "image/webp"
    assert response.headers["Content-Disposition"] == "inline"
    assert "private" in response.headers["Cache-Control"]
    part = requests.get(bucket_url, headers={"Range": "bytes=8-11"}, timeout=20)
    assert (part.status_code, part.content) == (206, b"WEBP")
    ends = int(parse_qs(urlsplit(url).query)["e"][0])
    bucket_ends = time.time() + int(parse_qs(urlsplit(bucket_url).query)["X-Amz-Expires"][0])
    assert abs(ends - bucket_ends) < 10  # it ends with ours
    default_storage.delete(media.variants["640"]["name"])
    assert requests.get(bucket_url, timeout=20).status_code in (403, 404)
    assert Client().get(url.replace("&s=", "&s=x"), HTTP_HOST="media.test").status_code == 404


def test_tables_and_releases_go_through_the_bucket(bucket):
    dataset = new_dataset()
    assert counts(upload_one(dataset, file("a.csv", b"id,text\n1,one\n2,two\n"))) == ("done", 2, 2, 0, 0)
    batch, workers = new_batch(dataset), crew(1)
    for item in Item.objects.filter(dataset=dataset):
        decide(item, batch, {"label": "pos"}, workers)
    release = built(dataset)
    assert (release.state, release.items) == ("ready", 2)
    assert downloaded(release, "jsonl").count(b"\n") == 2
    assert downloaded(release, "csv").count(b"\r\n") == 3
    assert [key.split("/")[0] for key in bucket()] == ["releases", "uploads"]
    assert Upload.objects.get().stored in bucket()


@pytest.fixture
def server_of_its_own():
    """moto in a process that can be stopped, as a storage that hangs: connections are taken, and nothing comes."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield f"http://127.0.0.1:{port}", process
    finally:
        os.kill(process.pid, signal.SIGCONT)
        process.kill()
        process.wait()


@pytest.mark.slow
def test_a_storage_that_hangs_holds_no_picture_up_and_an_upload_for_seconds(server_of_its_own, settings):
    endpoint, process = server_of_its_own
    settings.MEDIA_ORIGIN, settings.PUBLIC_URL = "http://media.test", "http://app.test"
    settings.ALLOWED_HOSTS = ["media.test", "app.test", "testserver"]
    with bucket_at(endpoint):
        dataset = new_dataset("image")
        upload_one(dataset, file("a.zip", zipped({"a.png": picture(size=(900, 600))})))
        url = variant_url(Item.objects.select_related("media").get().media, "640").removeprefix("http://media.test")
        os.kill(process.pid, signal.SIGSTOP)

        began = time.monotonic()
        with ThreadPoolExecutor(16) as threads:
            codes = list(threads.map(lambda _: Client().get(url, HTTP_HOST="media.test").status_code, range(48)))
        assert codes == [302] * 48
        assert time.monotonic() - began < 10  # one read of a bucket that hangs takes as long, and there are 16 threads

        client, began = Client(raise_request_exception=False), time.monotonic()
        client.force_login(owner(dataset))
        told = client.post(f"/api/v1/datasets/{dataset.pk}/uploads", {"files": file("b.csv", b"text\none\n")})
        assert (told.status_code, told.json()["error"]["code"]) == (503, "away"), told.content
        assert time.monotonic() - began < 25  # two tries of five seconds, and the look whether the name is free
        assert Upload.objects.count() == 1

        os.kill(process.pid, signal.SIGCONT)
        again = client.post(f"/api/v1/datasets/{dataset.pk}/uploads", {"files": file("b.csv", b"text\none\n")})
        assert again.status_code in (200, 201, 202), again.content


def test_a_bucket_that_is_not_there_is_said_in_words(endpoint):
    with bucket_at(endpoint):
        default_storage.check()
        default_storage.connection.meta.client.delete_bucket(Bucket=default_storage.bucket_name)
        for ask in (default_storage.check, lambda: default_storage.save("uploads/x", ContentFile(b"x"))):
            with pytest.raises(StorageAway, match=rf"The bucket {default_storage.bucket_name} is not there: create it"):
                ask()


WHOLE = {
    "AllowedOrigins": ["*"],
    "AllowedMethods": ["GET"],
    "AllowedHeaders": ["Range"],
    "ExposeHeaders": ["Content-Range", "Content-Length", "Accept-Ranges"],
}


@pytest.mark.parametrize(
    ("rules", "lacks"),
    [
        ([], "AllowedOrigins *"),
        ([{**WHOLE, "AllowedHeaders": []}], "lacks AllowedHeaders Range:"),  # as the README once said
        (
            [{**WHOLE, "ExposeHeaders": ["Content-Range"]}],
            "lacks ExposeHeaders Content-Length, ExposeHeaders Accept-Ranges:",
        ),
        ([{"AllowedOrigins": ["*"], "AllowedMethods": ["PUT"]}, {**WHOLE, "AllowedHeaders": ["*"]}], ""),
    ],
)
def test_the_operator_is_told_what_the_buckets_rule_lacks(bucket, rules, lacks, capsys):
    client = default_storage.connection.meta.client
    if rules:
        client.put_bucket_cors(Bucket=default_storage.bucket_name, CORSConfiguration={"CORSRules": rules})
    if lacks:
        with pytest.raises(CommandError, match=re.escape(lacks)):
            call_command("check_bucket")
    else:
        call_command("check_bucket")
        assert "phones can read" in capsys.readouterr().out
