"""The linear head that the learners share: multinomial logistic regression, then temperature scaling.

Model: P(y = k | x) proportional to exp((w_k . x + b_k) / T). `w` and `b` minimise the weighted log loss with an L2
penalty 1/C; C and the temperature T (Guo et al., On Calibration of Modern Neural Networks, ICML 2017, arXiv:1706.04599)
are chosen on out-of-fold scores, so on examples that the scored model has not seen. One pseudo-example spread over all
labels keeps a model of n examples from claiming more than about n / (n + 1).
"""

import warnings
from dataclasses import dataclass

import numpy as np
from scipy.linalg import eigh
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax, softmax
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from threadpoolctl import threadpool_limits

from ml_assist.learners.base import CannotLearn

FOLDS = 5
EXACT_ROTATION_ROWS = 1500  # above, the eigenvectors cost more than they save
MAX_EXAMPLES_FOR_SEARCH = (
    4000  # above, C hardly matters and one fold tells the temperature; all fits would take minutes
)
MAX_STEPS = 100
LOG_TEMPERATURE_RANGE = (-4.0, 4.0)


@dataclass
class LinearHead:
    """`coef` (seen labels x features) float32, `intercept` (seen labels,), `seen` codes of the labels met in training."""

    coef: np.ndarray
    intercept: np.ndarray
    seen: np.ndarray
    temperature: float
    n_labels: int
    n_train: int

    def scores(self, features) -> np.ndarray:
        """Uncalibrated scores, (rows x seen labels); `features` dense or sparse."""
        return np.asarray(features @ self.coef.T) + self.intercept

    def probabilities(self, features) -> np.ndarray:
        """Calibrated, (rows x n_labels), rows sum to 1."""
        known = softmax(self.scores(features) / self.temperature, axis=1)
        full = np.full((known.shape[0], self.n_labels), 1 / self.n_labels / (self.n_train + 1))
        full[:, self.seen] += known * self.n_train / (self.n_train + 1)
        return full

    def arrays(self) -> dict[str, np.ndarray]:
        scalars = np.array([self.temperature, self.n_labels, self.n_train], dtype=np.float64)
        return {"coef": self.coef, "intercept": self.intercept, "seen": self.seen, "head": scalars}

    @classmethod
    def of_arrays(cls, arrays: dict[str, np.ndarray]) -> "LinearHead":
        temperature, n_labels, n_train = arrays["head"].tolist()
        return cls(arrays["coef"], arrays["intercept"], arrays["seen"], temperature, int(n_labels), int(n_train))


def fit_head(
    features, codes: np.ndarray, weights: np.ndarray, n_labels: int, penalties: tuple, seed: int
) -> LinearHead:
    """Fit on `features` (rows x features, dense or sparse), `codes` (rows,), `weights` (rows,) in (0, 1].

    `penalties`: the values of C to choose from, weakest regularisation last. One thread: the same bytes on every machine load.
    """
    seen, compact = np.unique(codes, return_inverse=True)
    if len(seen) < 2:
        raise CannotLearn("all examples have the same label: at least two labels are needed to learn from")
    with threadpool_limits(1):
        rotated, basis = _rotated(features)
        c, temperature = _choose(rotated, compact, weights, penalties, seed)
        coef, intercept = _both_sides(_regression(rotated, compact, weights, c))
        if basis is not None:
            coef = np.asarray(basis @ coef.T).T
    return LinearHead(coef.astype(np.float32), intercept, seen, temperature, n_labels, len(codes))


def fit_temperature(scores: np.ndarray, codes: np.ndarray, weights: np.ndarray) -> tuple[float, float]:
    """The temperature that makes `scores` (rows x labels) likeliest for `codes`, and the mean log loss it reaches.

    One pseudo-example spread over all labels keeps the temperature above zero when every row is right (Platt, Probabilistic
    Outputs for Support Vector Machines, 1999, smooths his targets so).
    """
    n, n_labels = scores.shape
    targets = np.full((n, n_labels), 1 / n_labels / (n + 1))
    targets[np.arange(n), codes] += n / (n + 1)

    def loss(log_temperature: float) -> float:
        logs = log_softmax(scores / np.exp(log_temperature), axis=1)
        return -float(np.average((targets * logs).sum(axis=1), weights=weights))

    best = minimize_scalar(loss, bounds=LOG_TEMPERATURE_RANGE, method="bounded")
    return float(np.exp(best.x)), float(best.fun)


def _rotated(features) -> tuple[np.ndarray, np.ndarray | None]:
    """The same rows in an orthonormal basis of their span, (rows x rank), and that basis, (features x rank).

    An L2 penalty does not see a rotation, so the fit is the same, with as many weights a label as there are rows instead of as there
    are features: 15 times faster for a few hundred pictures. Left alone (basis None) when there are more rows than that pays for.
    """
    n_rows, n_features = features.shape
    if n_rows > min(n_features, EXACT_ROTATION_ROWS):
        return features, None
    gram = features @ features.T
    values, vectors = eigh(gram.toarray() if hasattr(gram, "toarray") else gram)
    kept = values > values[-1] * 1e-10
    basis = np.asarray(features.T @ (vectors[:, kept] / np.sqrt(values[kept])))
    return vectors[:, kept] * np.sqrt(values[kept]), basis


def _choose(features, codes, weights, penalties, seed) -> tuple[float, float]:
    """(C, temperature) with the least calibrated out-of-fold log loss."""
    folds = _folds(codes, seed)
    if not folds:
        return penalties[0], 1.0
    tried = penalties
    if len(codes) > MAX_EXAMPLES_FOR_SEARCH:
        tried, folds = penalties[len(penalties) // 2 :][:1], folds[:1]
    found = []
    for c in tried:
        scores, scored = _out_of_fold(features, codes, weights, c, folds)
        temperature, loss = fit_temperature(scores[scored], codes[scored], weights[scored])
        found.append((loss, c, temperature))
    _, c, temperature = min(found)
    return c, temperature


def _folds(codes: np.ndarray, seed: int) -> list:
    """Stratified folds; labels met once or twice still get trained on (and are then missing from one fold's model)."""
    largest = int(np.bincount(codes).max())
    n = min(FOLDS, largest)
    if n < 2:
        return []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # "the least populated class has only 1 member": expected here
        split = StratifiedKFold(n, shuffle=True, random_state=seed).split(np.zeros(len(codes)), codes)
        return [(train, test) for train, test in split if len(np.unique(codes[train])) > 1]


def _out_of_fold(features, codes, weights, c, folds) -> tuple[np.ndarray, np.ndarray]:
    """Scores of each row by the model that did not see it; a label that this model has not met gets its lowest score."""
    scores = np.zeros((len(codes), int(codes.max()) + 1))
    scored = np.zeros(len(codes), dtype=bool)
    for train, test in folds:
        model = _regression(features[train], codes[train], weights[train], c)
        coef, intercept = _both_sides(model)
        found = np.asarray(features[test] @ coef.T) + intercept
        rows = np.tile(found.min(axis=1, keepdims=True), (1, scores.shape[1]))
        rows[:, model.classes_] = found
        scores[test], scored[test] = rows, True
    return scores, scored


def _regression(features, codes, weights, c: float) -> LogisticRegression:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # that many steps are near enough
        warnings.simplefilter("ignore", UserWarning)  # "many classes for few samples": so it is, at first
        return LogisticRegression(C=c, max_iter=MAX_STEPS).fit(features, codes, sample_weight=weights)


def _both_sides(model: LogisticRegression) -> tuple[np.ndarray, np.ndarray]:
    """One row of weights a label, also for two labels, where scikit-learn keeps one row for both."""
    if len(model.classes_) > 2:
        return model.coef_, model.intercept_
    return np.vstack([-model.coef_, model.coef_]) / 2, np.concatenate([-model.intercept_, model.intercept_]) / 2
