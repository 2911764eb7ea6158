"""The learners, by what they learn: (medium, task type). A project whose pair is not here has no model, and all else works."""

from ml_assist.learners.base import CannotLearn, Content, Example, Learner, Prediction
from ml_assist.learners.image import ImageChoice
from ml_assist.learners.text import TextChoice

LEARNERS: dict[tuple[str, str], type[Learner]] = {
    ("text", "choice"): TextChoice,
    ("image", "choice"): ImageChoice,
}

__all__ = ["LEARNERS", "CannotLearn", "Content", "Example", "Learner", "Prediction", "learner_named"]


def learner_named(name: str) -> type[Learner]:
    """The learner that saved a model under this name/version."""
    return next(learner for learner in LEARNERS.values() if learner.name == name)
