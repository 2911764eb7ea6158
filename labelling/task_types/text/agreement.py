"""text: 1 - normalised edit distance (Levenshtein over the longer length), after folding case and spaces."""

import unicodedata

from rapidfuzz.distance import Levenshtein


def fold(text: str) -> str:
    """What two writers may differ in without disagreeing: case, outer punctuation of words, runs of white space."""
    words = unicodedata.normalize("NFKC", text).casefold().split()
    return " ".join(filter(None, (word.strip(".,;:!?\"'()«»“”‘’。，！？") for word in words)))


def agreement(a: dict, b: dict, question: dict) -> float:
    return Levenshtein.normalized_similarity(fold(a["text"]), fold(b["text"]))
