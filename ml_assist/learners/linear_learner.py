"""What the learners of texts and of pictures share: contents measured, measures made into features, the linear head on top."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import Self

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


class LinearLearner(Learner):
    """One label of several. A subclass says what is measured of a content, and how measures become features."""

    penalties: tuple[float, ...]  # values of C to choose from
    learned: tuple[str, ...]  # the attributes that `adapt` sets: arrays and numbers, kept with the model

    head: LinearHead

    @abstractmethod
    def measure(self, contents: Sequence[Content]):
        """(contents x measures), dense or sparse; the same for every model of this learner."""

    @abstractmethod
    def adapt(self, measures) -> None:
        """Learn from the training examples' measures what `features` needs. Raises CannotLearn."""

    @abstractmethod
    def features(self, measures):
        """(contents x features), dense or sparse."""

    def fit(self, examples: Sequence[Example]) -> None:
        if not examples:
            raise CannotLearn("there are no examples to learn from")
        measures = self.measure([example.content for example in examples])
        self.adapt(measures)
        codes = label_codes(examples, self.labels)
        weights = np.array([example.weight for example in examples])
        self.head = fit_head(self.features(measures), codes, weights, len(self.labels), self.penalties, self.seed)

    def predict(self, contents: Sequence[Content]) -> list[Prediction]:
        if not contents:
            return []
        return as_predictions(self.labels, self.head.probabilities(self.features(self.measure(contents))))

    def save(self) -> bytes:
        learned = {name: getattr(self, name) for name in self.learned}
        arrays = {name: value for name, value in learned.items() if isinstance(value, np.ndarray)}
        numbers = {name: float(value) for name, value in learned.items() if name not in arrays}
        meta = {"name": self.name, "labels": self.labels, "seed": self.seed, **numbers}
        return pack(meta, {**arrays, **self.head.arrays()})

    @classmethod
    def load(cls, saved: bytes) -> Self:
        meta, arrays = unpack(saved, cls.name)
        learner = cls(meta["labels"], meta["seed"])
        for name in cls.learned:
            setattr(learner, name, arrays[name] if name in arrays else meta[name])
        learner.head = LinearHead.of_arrays(arrays)
        return learner
