"""What two writers may differ in without disagreeing."""

import unicodedata

from rapidfuzz.distance import Levenshtein


def fold(text: str) -> str:
    """Without case, outer punctuation of words and runs of white space."""
    words = unicodedata.normalize("NFKC", text).casefold().split()
    return " ".join(filter(None, (word.strip(".,;:!?\"'()«»“”‘’。，！？") for word in words)))


def likeness(one: str, other: str) -> float:
    """1 - the edit distance (Levenshtein) as a share of the longer, after folding; from 0 to 1."""
    return Levenshtein.normalized_similarity(fold(one), fold(other))
