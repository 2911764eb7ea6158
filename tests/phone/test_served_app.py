"""How the built app is served: the page brings the CSRF cookie once, its files never touch it."""

from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

ASSETS = sorted((Path(settings.PHONE_APP_DIR) / "assets").glob("*.js"))


@pytest.mark.parametrize("path", ["", "task/7", "index.html"])
def test_the_page_sets_the_csrf_cookie_where_there_is_none(path):
    assert "csrftoken" in Client().get(f"/app/{path}").cookies


def test_the_page_leaves_the_cookie_that_is_there():
    client = Client()
    client.get("/app/")
    assert "csrftoken" not in client.get("/app/").cookies


def test_a_file_sets_no_cookie_not_even_a_late_one_from_before_the_sign_in():
    """Its reply may overtake, or be overtaken by, the sign-in that changes the token: the next call would be refused."""
    client = Client()
    assert not client.get(f"/app/assets/{ASSETS[0].name}").cookies
    client.get("/app/")
    for name in (f"assets/{ASSETS[0].name}", "sw.js"):
        reply = client.get(f"/app/{name}")
        assert reply.status_code == 200
        assert not reply.cookies
