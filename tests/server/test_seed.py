"""The demo's own command: never beside real people, and it says when only a part of it is there."""

import io

import pytest
from django.core.management import CommandError, call_command

from people.models import AuditEntry, Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def seed(settings, tmp_path):
    settings.DEBUG, settings.DATA_DIR = True, tmp_path

    def run() -> str:
        out = io.StringIO()
        call_command("seed_demo", stdout=out)
        return out.getvalue()

    return run


def test_a_demo_that_was_stopped_while_it_was_loaded_says_so(seed, tmp_path):
    Person.objects.create_user(email="worker@demo.example")
    assert f"delete {tmp_path} to load it anew" in seed()
    assert not (tmp_path / "demo.json").exists(), "each start says it again"
    AuditEntry.objects.create(action="demo.loaded")
    assert seed() == ""
    assert (tmp_path / "demo.json").exists()
    assert Person.objects.count() == 1  # nothing is loaded twice


def test_without_debug_there_is_no_demo(seed, settings):
    settings.DEBUG = False
    with pytest.raises(CommandError, match="public passwords"):
        seed()
    assert not Person.objects.exists()
