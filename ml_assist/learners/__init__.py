"""The learners, by what they learn: (medium, task type). A project whose pair is not here has no model, and all else works.

Named by dotted path and imported when first used: scikit-learn is a second and 100 MB that most processes never need.
"""

from functools import cache
from importlib import import_module

from ml_assist.learners.base import CannotLearn, Content, Example, Learner, Prediction

LEARNERS = {
    ("text", "choice"): "ml_assist.learners.text.TextChoice",
    ("image", "choice"): "ml_assist.learners.image.ImageChoice",
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
    return (medium, task_type) in LEARNERS


@cache
def learner_of(medium: str, task_type: str) -> type[Learner]:
    """The learner of a medium and a task type. Raises CannotLearn when there is none."""
    if not has_learner(medium, task_type):
        raise CannotLearn(f"there is no learner for {task_type} on {medium}")
    module, _, name = LEARNERS[medium, task_type].rpartition(".")
    return getattr(import_module(module), name)


def learner_named(name: str) -> type[Learner]:
    """The learner that saved a model under this name/version."""
    return next(learner for learner in (learner_of(*pair) for pair in LEARNERS) if learner.name == name)
