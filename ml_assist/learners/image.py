"""Pictures -> one label: shape (HOG), colour (histograms) and layout (a small thumbnail), then the linear head."""

from collections.abc import Sequence

import numpy as np

from ml_assist.learners.base import Content
from ml_assist.learners.linear_learner import LinearLearner
from ml_assist.learners.picture_features import features_of


class ImageChoice(LinearLearner):
    name = "image-hog-colour-linear/1"
    most_examples = 4_000
    penalties = (0.001, 0.01, 0.1, 1.0)
    learned = ("centre", "scale")

    centre: np.ndarray
    scale: np.ndarray

    def measure(self, contents: Sequence[Content]) -> np.ndarray:
        return features_of([content.image for content in contents])

    def adapt(self, measures: np.ndarray) -> None:
        self.centre = measures.mean(axis=0)
        self.scale = measures.std(axis=0) + 0.01  # a feature that hardly moves must not be blown up

    def features(self, measures: np.ndarray) -> np.ndarray:
        return (measures - self.centre) / self.scale
