"""What every learner can do. Pure: no Django here, so that a learner can be tried in a notebook or a benchmark."""

import io
import json
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np


class CannotLearn(ValueError):
    """The examples cannot make a model; the message says what is missing."""


@dataclass(frozen=True)
class Content:
    """What a learner sees of an item: its text, or the bytes of its picture (any format Pillow reads)."""

    text: str = ""
    image: bytes = b""


@dataclass(frozen=True)
class Example:
    """`weight` in (0, 1]: how sure we are of the label (the decision's confidence; 1 for gold)."""

    content: Content
    label: str
    weight: float = 1.0


@dataclass(frozen=True)
class Prediction:
    """Calibrated probabilities of all the project's labels; they sum to 1."""

    probabilities: dict[str, float]

    @property
    def label(self) -> str:
        return max(self.probabilities, key=lambda label: self.probabilities[label])

    @property
    def confidence(self) -> float:
        return self.probabilities[self.label]

    @property
    def confidence_ppm(self) -> int:
        return int(self.confidence * 1_000_000)


class Learner(ABC):
    """One model of one project. The same examples and seed give the same model."""

    name: str  # name/version of the method, kept with each saved model
    most_examples: int  # that it can learn from in some minutes and 2 GB

    def __init__(self, labels: Sequence[str], seed: int = 0):
        self.labels = list(labels)
        self.seed = seed

    @abstractmethod
    def fit(self, examples: Sequence[Example]) -> None:
        """Learn from scratch. Raises CannotLearn when there are too few examples or labels."""

    @abstractmethod
    def predict(self, contents: Sequence[Content]) -> list[Prediction]:
        """One prediction for each content, in order."""

    @abstractmethod
    def save(self) -> bytes:
        """Arrays and JSON only: reading it back can run no code."""

    @classmethod
    @abstractmethod
    def load(cls, saved: bytes) -> "Learner":
        """The learner that `save` wrote. Raises ValueError for bytes of another method or version."""


def pack(meta: dict, arrays: dict[str, np.ndarray]) -> bytes:
    """An .npz with `meta` as JSON beside the arrays."""
    out = io.BytesIO()
    text = np.frombuffer(json.dumps(meta, sort_keys=True).encode(), dtype=np.uint8)
    np.savez_compressed(out, meta=text, **arrays)  # type: ignore[arg-type]
    return out.getvalue()


def unpack(saved: bytes, name: str) -> tuple[dict, dict[str, np.ndarray]]:
    """The opposite of `pack`. Never unpickles; refuses a file of another method."""
    with np.load(io.BytesIO(saved), allow_pickle=False) as archive:
        arrays = {key: archive[key] for key in archive.files}
    meta = json.loads(arrays.pop("meta").tobytes())
    if meta.get("name") != name:
        raise ValueError(f"this model was saved by {meta.get('name')!r}, not by {name!r}")
    return meta, arrays


def as_predictions(labels: Sequence[str], probabilities: np.ndarray) -> list[Prediction]:
    """Rows of `probabilities` (contents x labels) as predictions."""
    return [Prediction(dict(zip(labels, row, strict=True))) for row in probabilities.tolist()]


def label_codes(examples: Iterable[Example], labels: Sequence[str]) -> np.ndarray:
    """Each example's label as its index in `labels`. Raises CannotLearn for a label that is not asked."""
    index = {label: code for code, label in enumerate(labels)}
    try:
        return np.array([index[example.label] for example in examples], dtype=np.int64)
    except KeyError as unknown:
        raise CannotLearn(f"label {unknown} is not one of the project's labels") from None
