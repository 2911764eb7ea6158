"""Variants are served to who has a signed address, on the media's own origin, as inert bytes; nothing else is served."""

import io
from urllib.parse import urlsplit

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client

from intake.media import store
from intake.models import Media
from intake.signing import signature
from intake.urls import DAY_S, variant_url, variant_urls
from intake.views import asked_range
from tests.intake import files

pytestmark = [pytest.mark.django_db, pytest.mark.urls("intake.urls")]
MEDIA_HOST = "media.test"


@pytest.fixture(autouse=True)
def origins(settings):
    settings.MEDIA_ORIGIN, settings.PUBLIC_URL = f"http://{MEDIA_HOST}", "http://app.test"
    settings.ALLOWED_HOSTS = [MEDIA_HOST, "app.test"]


@pytest.fixture
def picture() -> Media:
    return store(1, io.BytesIO(files.saved(files.quadrants(), "PNG")), "a.png")


def get(url: str, host: str = MEDIA_HOST, **headers):
    parts = urlsplit(url)
    return Client().get(f"{parts.path}?{parts.query}", HTTP_HOST=host, headers=headers)


def body(response) -> bytes:
    return b"".join(response.streaming_content)


def test_a_signed_address_gives_the_bytes_and_nothing_that_runs(picture):
    url = variant_url(picture, "640")
    assert url.startswith("http://media.test/media/variants/1/")
    response = get(url)
    assert response.status_code == 200
    assert body(response) == default_storage.open(picture.variants["640"]["name"]).read()
    assert response["Content-Type"] == "image/webp"
    assert int(response["Content-Length"]) == picture.variants["640"]["bytes"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'; frame-ancestors 'none'"
    assert response["Access-Control-Allow-Origin"] == "http://app.test"
    assert response["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "immutable" in response["Cache-Control"]
    assert DAY_S < int(response["Cache-Control"].split("max-age=")[1].split(",")[0]) <= 3 * DAY_S
    assert "Set-Cookie" not in response


def test_twenty_packs_of_addresses_and_serving_one_cost_no_query(picture, django_assert_num_queries):
    with django_assert_num_queries(0):
        many = [variant_urls(picture.variants) for _ in range(20)]
        assert get(many[0]["320"]["url"]).status_code == 200
    assert many[0]["320"] | {"url": ""} == {
        "url": "",
        "bytes": picture.variants["320"]["bytes"],
        "width": 200,
        "height": 100,
    }


def test_the_same_picture_has_the_same_address_all_day_and_it_lasts_a_day_without_signal(picture):
    with time_machine.travel("2026-11-22T00:00:01Z", tick=False):
        early = variant_url(picture, "640")
    with time_machine.travel("2026-11-22T23:59:59Z", tick=False):
        assert variant_url(picture, "640") == early
    with time_machine.travel("2026-11-23T23:59:59Z", tick=False):
        assert get(early).status_code == 200
    with time_machine.travel("2026-11-25T00:00:01Z", tick=False):
        assert get(early).status_code == 404


def changed(url: str) -> dict[str, str]:
    path, _, query = url.partition("?")
    ends, _, given = query.partition("&")
    flipped = ("A" if given[-1] != "A" else "B").join((given[:-1], ""))
    return {
        "no signature": path,
        "another signature": f"{path}?{ends}&{flipped}",
        "a longer time": f"{path}?e=9999999999&{given}",
        "a time that is no number": f"{path}?e=x&{given}",
        "a huge time": f"{path}?e={'9' * 5000}&{given}",
        "a time in other digits": f"{path}?e=٣٣٣٣٣٣٣٣٣٣&{given}",
        "another variant": url.replace("1280.webp", "320.webp"),
        "a way out": url.replace("variants/1/", "variants/../originals/1/"),
    }


@pytest.mark.parametrize("change", changed("http://x/1280.webp?e=1&s=a"))
def test_a_changed_address_is_not_there(change, picture, settings):
    url = variant_url(picture, "1280")
    assert get(url).status_code == 200  # the control
    assert get(changed(url)[change]).status_code == 404


def test_an_original_is_never_served_not_even_signed(picture, settings):
    ends = 9_999_999_999
    url = f"http://media.test/media/{picture.original}?e={ends}&s={signature(picture.original, ends, settings.SECRET_KEY)}"
    assert default_storage.exists(picture.original)
    assert get(url).status_code == 404


def test_a_signed_name_that_leads_out_of_the_storage_is_not_there(settings):
    name, ends = "variants/../../secret.webp", 9_999_999_999
    assert (
        get(f"http://media.test/media/{name}?e={ends}&s={signature(name, ends, settings.SECRET_KEY)}").status_code
        == 404
    )


def test_media_are_not_served_on_the_pages_own_host(picture, settings):
    url = variant_url(picture, "640")
    assert get(url, host="app.test").status_code == 404
    settings.MEDIA_ORIGIN = settings.PUBLIC_URL  # one host is all there is
    assert get(variant_url(picture, "640"), host="app.test").status_code == 200


def test_an_old_key_holds_while_the_settings_name_it(picture, settings):
    url = variant_url(picture, "640")
    old, settings.SECRET_KEY = settings.SECRET_KEY, "a-new-key-that-is-long-enough-for-anybody-0123456789"
    assert get(url).status_code == 404
    settings.SECRET_KEY_FALLBACKS = [old]
    assert get(url).status_code == 200


def test_only_reading(picture):
    url = variant_url(picture, "640")
    parts = urlsplit(url)
    assert Client().post(f"{parts.path}?{parts.query}", HTTP_HOST=MEDIA_HOST).status_code == 405
    head = Client().head(f"{parts.path}?{parts.query}", HTTP_HOST=MEDIA_HOST)
    assert (head.status_code, int(head["Content-Length"])) == (200, picture.variants["640"]["bytes"])


def test_the_app_may_read_a_part_from_the_other_origin(picture, settings):
    """A browser asks before it sends a range to another origin; it learns nothing of whether the address is there."""
    asked = {
        "HTTP_ORIGIN": settings.PUBLIC_URL,
        "HTTP_ACCESS_CONTROL_REQUEST_METHOD": "GET",
        "HTTP_ACCESS_CONTROL_REQUEST_HEADERS": "range",
    }
    parts = urlsplit(variant_url(picture, "640"))
    there = Client().options(f"{parts.path}?{parts.query}", HTTP_HOST=MEDIA_HOST, **asked)
    absent = Client().options("/media/variants/1/none.webp", HTTP_HOST=MEDIA_HOST, **asked)
    assert there.status_code == absent.status_code == 204
    assert dict(there.headers) == dict(absent.headers)
    assert there["Access-Control-Allow-Origin"] == settings.PUBLIC_URL
    assert there["Access-Control-Allow-Headers"] == "Range"


def test_a_file_that_is_gone_is_not_there(picture):
    default_storage.delete(picture.variants["640"]["name"])
    assert get(variant_url(picture, "640")).status_code == 404


@pytest.mark.parametrize(
    ("header", "status", "first", "last"),
    [
        ("bytes=0-9", 206, 0, 9),
        ("bytes=10-", 206, 10, 99),
        ("bytes=-5", 206, 95, 99),
        ("bytes=90-1000", 206, 90, 99),
        ("bytes=100-", 416, 0, 0),
        ("bytes=9-5", 416, 0, 0),
        ("bytes=-0", 416, 0, 0),
        ("bytes=0-1,4-5", 200, 0, 99),
        ("bytes=-", 200, 0, 99),
        ("lines=1-2", 200, 0, 99),
    ],
)
def test_ranges_for_players(header, status, first, last):
    content = bytes(range(100))
    name = default_storage.save("variants/1/t/opus.ogg", ContentFile(content))
    sound = Media(variants={"opus": {"name": name, "bytes": 100}})
    response = get(variant_url(sound, "opus"), Range=header)
    assert response.status_code == status
    assert response["Accept-Ranges"] == "bytes"
    if status == 416:
        assert response["Content-Range"] == "bytes */100"
        return
    assert body(response) == content[first : last + 1]
    assert int(response["Content-Length"]) == last - first + 1
    assert response.get("Content-Range") == (f"bytes {first}-{last}/100" if status == 206 else None)


@pytest.mark.parametrize(
    ("header", "wanted"),
    [
        ("bytes=-" + "9" * 5_000, (0, 99)),
        ("bytes=" + "9" * 5_000 + "-", ()),
        ("bytes=0-" + "9" * 5_000, (0, 99)),
        ("bytes=" + "0" * 5_000 + "5-7", (5, 7)),
        ("bytes=٣-٧", None),
    ],
)
def test_a_range_of_any_length_is_answered(header, wanted):
    assert asked_range(header, 100) == wanted
