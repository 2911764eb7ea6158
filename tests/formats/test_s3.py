"""The same uploads, variants and releases on S3-compatible storage, spoken to over HTTP."""

import uuid

import boto3
import pytest
from django.core.files.storage import default_storage
from django.test import Client, override_settings
from moto.server import ThreadedMotoServer

from intake.urls import variant_url
from labelling.models import Item, Upload
from tests.formats.decided import built, crew, decide, downloaded, new_batch
from tests.formats.worlds import counts, file, new_dataset, picture, upload_one, zipped

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
    storage = {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}
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
    assert [key.split("/")[0] for key in bucket()] == ["originals", "uploads", "variants", "variants", "variants"]

    url = variant_url(media, "640").removeprefix("http://media.test")
    response = Client().get(url, HTTP_HOST="media.test")
    content = b"".join(response.streaming_content)
    assert (response.status_code, content[:4], content[8:12]) == (200, b"RIFF", b"WEBP")
    part = Client().get(url, HTTP_HOST="media.test", headers={"Range": "bytes=8-11"})
    assert (part.status_code, b"".join(part.streaming_content)) == (206, b"WEBP")
    default_storage.delete(media.variants["640"]["name"])
    assert Client().get(url, HTTP_HOST="media.test").status_code == 404


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
