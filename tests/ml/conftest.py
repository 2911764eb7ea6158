"""Each test has a storage of its own, and no model in memory from another."""

import pytest

from ml_assist import registry


@pytest.fixture(autouse=True)
def _own_storage(settings, tmp_path):
    files = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = {**settings.STORAGES, "default": files}
    registry._load.cache_clear()
