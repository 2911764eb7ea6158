"""Models in storage: written once, read back only when their hash is right, kept in memory by each process."""

import hashlib
import io
from functools import lru_cache

from django.core.files.storage import default_storage

from labelling.models import Project
from ml_assist.learners import Learner, learner_named
from ml_assist.models import ModelVersion

KEPT_IN_MEMORY = 8  # models; one is some megabytes


class DamagedModel(Exception):
    """What storage gave back is not what was saved."""


def live_version_of(project: Project) -> ModelVersion | None:
    return ModelVersion.objects.filter(project=project, state=ModelVersion.State.LIVE).first()


def store(project: Project, number: int, saved: bytes) -> tuple[str, str]:
    """(storage name, sha256) of a saved model. The name holds the hash: the same bytes are the same file."""
    digest = hashlib.sha256(saved).hexdigest()
    name = f"models/{project.pk}/{number}-{digest[:16]}.npz"
    if not default_storage.exists(name):
        name = default_storage.save(name, io.BytesIO(saved))
    return name, digest


def load(version: ModelVersion) -> Learner:
    """The learner of a version. Raises DamagedModel when the stored bytes have changed."""
    return _load(version.stored, version.sha256, version.learner)


@lru_cache(maxsize=KEPT_IN_MEMORY)
def _load(stored: str, sha256: str, learner: str) -> Learner:
    with default_storage.open(stored, "rb") as file:
        saved = file.read()
    if hashlib.sha256(saved).hexdigest() != sha256:
        raise DamagedModel(f"{stored} is not the model that was saved: train it again.")
    return learner_named(learner).load(saved)
