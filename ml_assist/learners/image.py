"""Pictures -> one label: shape (HOG), colour (histograms) and layout (a small thumbnail), then the linear head."""

from collections.abc import Sequence

import numpy as np

from ml_assist.learners.base import (
    CannotLearn,
    Content,
    Example,
    Learner,
    Prediction,
    as_predictions,
    label_codes,
    pack,
    unpack,
)
from ml_assist.learners.linear import LinearHead, fit_head
from ml_assist.learners.picture_features import features_of

PENALTIES = (0.001, 0.01, 0.1, 1.0)


class ImageChoice(Learner):
    name = "image-hog-colour-linear/1"
    most_examples = 4_000

    centre: np.ndarray
    scale: np.ndarray
    head: LinearHead

    def fit(self, examples: Sequence[Example]) -> None:
        if not examples:
            raise CannotLearn("there are no examples to learn from")
        raw = features_of([example.content.image for example in examples])
        self.centre = raw.mean(axis=0)
        self.scale = raw.std(axis=0) + 0.01  # a feature that hardly moves must not be blown up
        codes = label_codes(examples, self.labels)
        weights = np.array([example.weight for example in examples])
        self.head = fit_head(self._standardised(raw), codes, weights, len(self.labels), PENALTIES, self.seed)

    def predict(self, contents: Sequence[Content]) -> list[Prediction]:
        if not contents:
            return []
        features = self._standardised(features_of([content.image for content in contents]))
        return as_predictions(self.labels, self.head.probabilities(features))

    def _standardised(self, raw: np.ndarray) -> np.ndarray:
        return (raw - self.centre) / self.scale

    def save(self) -> bytes:
        meta = {"name": self.name, "labels": self.labels, "seed": self.seed}
        return pack(meta, {"centre": self.centre, "scale": self.scale, **self.head.arrays()})

    @classmethod
    def load(cls, saved: bytes) -> "ImageChoice":
        meta, arrays = unpack(saved, cls.name)
        learner = cls(meta["labels"], meta["seed"])
        learner.centre, learner.scale = arrays["centre"], arrays["scale"]
        learner.head = LinearHead.of_arrays(arrays)
        return learner
