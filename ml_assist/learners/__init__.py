"""The learners of labels, by medium. A project on another medium, or whose answers are no categories, has no model, and all else
works.

Named by dotted path and imported when first used: scikit-learn is a second and 100 MB that most processes never need.
"""

from functools import cache
from importlib import import_module

from labelling import task_types
from ml_assist.learners.base import CannotLearn, Content, Example, Learner, Prediction

LEARNERS = {
    "text": "ml_assist.learners.text.TextChoice",
    "image": "ml_assist.learners.image.ImageChoice",
}

__all__ = [
    "LEARNERS",
    "CannotLearn",
    "Content",
    "Example",
    "Learner",
    "Prediction",
    "has_learner",
    "learner_named",
    "learner_of",
]


def has_learner(medium: str, task_type: str) -> bool:
    is_known = medium in LEARNERS and task_type in task_types.NAMES
    return is_known and task_types.get(task_type).category is not None


@cache
def learner_of(medium: str, task_type: str) -> type[Learner]:
    """The learner of a medium and a task type. Raises CannotLearn when there is none."""
    if not has_learner(medium, task_type):
        raise CannotLearn(f"there is no learner for {task_type} on {medium}")
    return _imported(LEARNERS[medium])


def _imported(path: str) -> type[Learner]:
    module, _, name = path.rpartition(".")
    return getattr(import_module(module), name)


def learner_named(name: str) -> type[Learner]:
    """The learner that saved a model under this name/version."""
    return next(learner for learner in map(_imported, LEARNERS.values()) if learner.name == name)
