"""Forms: several questions on one item, each decided by the family of its own kind, in one call; see merge.py."""

from .merge import merge_forms
from .question import Question

__all__ = ["Question", "merge_forms"]
