"""Each test has a storage of its own, and no model in memory from another."""

import pytest

from ml_assist import registry
from ml_assist.actions.train_version import train_version
from tests.ml import data
from tests.ml.worlds import learning_world, opened_for_api


@pytest.fixture(autouse=True)
def _own_storage(settings, tmp_path):
    files = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = {**settings.STORAGES, "default": files}
    registry._load.cache_clear()


@pytest.fixture
def world(client):
    """A live model, a batch kept open, and the requester signed in."""
    world = opened_for_api(learning_world(data.english(120), label_api_audit_bps=0))
    world.version = train_version(world.project)
    client.force_login(world.requester)
    return world
