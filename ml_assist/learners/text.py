"""Texts -> one label: character and word n-grams, hashed, TF-IDF, linear.

Right for scripts without spaces: each Han, kana, Thai, Lao or Khmer sign is a word of its own, so word pairs are sign pairs, and the
character n-grams do not need words at all. Only the n-grams met in training are kept, as hashes: a saved model holds nobody's text.
"""

import re
import unicodedata
from collections.abc import Sequence

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import HashingVectorizer

from ml_assist.learners.base import CannotLearn, Content
from ml_assist.learners.linear_learner import LinearLearner

N_HASHES = 2**20
MAX_FEATURES = 60_000
# Scripts written without spaces, one sign a word: Thai, Lao, Khmer, kana, Han with its extensions.
_SIGN = (
    "\u0e00-\u0e7f\u0e80-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
)
_WORD = re.compile(rf"[{_SIGN}]|[^\W{_SIGN}]+|[!?！？]+")


def normalised(text: str) -> str:
    """Full-width and half-width, upper and lower case read the same."""
    return " ".join(unicodedata.normalize("NFKC", text).lower().split())


def words(text: str) -> list[str]:
    return _WORD.findall(text)


def _counts(texts: Sequence[str]) -> sparse.csr_matrix:
    """Hashed counts, (texts x 2 * N_HASHES): words and pairs on the left, characters one to five on the right."""
    plain = {"n_features": N_HASHES, "alternate_sign": False, "norm": None, "lowercase": False}
    by_word = HashingVectorizer(tokenizer=words, token_pattern=None, ngram_range=(1, 2), **plain)
    by_character = HashingVectorizer(analyzer="char_wb", ngram_range=(1, 5), **plain)
    clean = [normalised(text) for text in texts]
    return sparse.hstack([by_word.transform(clean), by_character.transform(clean)], format="csr")


class TextChoice(LinearLearner):
    name = "text-ngrams-linear/1"
    most_examples = 20_000
    penalties = (3.0, 30.0, 300.0)
    learned = ("columns", "idf", "idf_unmet")

    columns: np.ndarray  # hashes kept, ascending
    idf: np.ndarray  # of the same columns
    idf_unmet: float  # of all others

    def measure(self, contents: Sequence[Content]) -> sparse.csr_matrix:
        return _counts([content.text for content in contents])

    def adapt(self, measures: sparse.csr_matrix) -> None:
        self.columns, self.idf = _vocabulary(measures)
        self.idf_unmet = _idf(measures.shape[0], 0)

    def features(self, measures: sparse.csr_matrix) -> sparse.csr_matrix:
        """TF-IDF with sublinear counts; words and characters each of unit length, so that neither drowns the other.

        N-grams never met in training count for the length and are dropped after: the stranger a text, the shorter its
        vector, the less the model has to say about it.
        """
        places = np.searchsorted(self.columns, measures.indices).clip(max=len(self.columns) - 1)
        met = self.columns[places] == measures.indices
        weights = (1 + np.log(measures.data)) * np.where(met, self.idf[places], self.idf_unmet)
        rows = np.repeat(np.arange(measures.shape[0]), np.diff(measures.indptr))
        halves = 2 * rows + (measures.indices < N_HASHES)
        weights /= np.sqrt(np.bincount(halves, weights**2))[halves]
        shape = (measures.shape[0], len(self.columns))
        return sparse.csr_matrix((weights[met], (rows[met], places[met])), shape=shape)


def _vocabulary(counts: sparse.csr_matrix) -> tuple[np.ndarray, np.ndarray]:
    """The columns kept (those in most texts first when there are too many) and their inverse document frequencies."""
    in_texts = np.bincount(counts.indices, minlength=counts.shape[1])
    met = np.flatnonzero(in_texts)
    if not len(met):
        raise CannotLearn("the examples' texts are all empty")
    if len(met) > MAX_FEATURES:
        met = np.sort(met[np.argsort(-in_texts[met], kind="stable")[:MAX_FEATURES]])
    return met, _idf(counts.shape[0], in_texts[met])


def _idf(n_texts: int, in_texts):
    """Inverse document frequency of what `in_texts` of `n_texts` hold, smoothed as in scikit-learn."""
    return np.log((1 + n_texts) / (1 + in_texts)) + 1
