"""The console in isiZulu: the compiled catalogue is that of the source, and placeholders survived."""

import gettext
import re
from pathlib import Path

import pytest

import console

FOLDER = Path(console.__file__).parent / "locale" / "zu" / "LC_MESSAGES"
HOLE = re.compile(r"%\((\w+)\)s")


def entries() -> dict[str, str]:
    """msgid -> msgstr of the translated single entries of the source."""
    pairs = re.findall(
        r'^msgid "(.+)"\nmsgstr "(.+)"$', (FOLDER / "django.po").read_text(encoding="utf-8"), re.MULTILINE
    )
    return {key.replace('\\"', '"'): value.replace('\\"', '"') for key, value in pairs}


def test_the_compiled_catalogue_is_that_of_the_source():
    with (FOLDER / "django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    assert len(entries()) > 250
    assert [key for key, value in entries().items() if compiled.gettext(key) != value] == []


def test_no_translation_loses_or_makes_up_a_placeholder():
    wrong = [key for key, value in entries().items() if sorted(HOLE.findall(key)) != sorted(HOLE.findall(value))]
    assert wrong == []


@pytest.mark.django_db
def test_the_language_key_changes_the_page_and_only_back_to_this_site(client):
    response = client.post("/console/language/", {"language": "zu", "next": "https://evil.example/"})
    assert response.url == "/"
    page = client.get("/").content.decode()
    assert '<html lang="zu">' in page
    assert "Izandla eziningi" in page
    client.post("/console/language/", {"language": "xx", "next": "/"})
    assert '<html lang="zu">' in client.get("/").content.decode()
