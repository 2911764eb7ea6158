"""Truth inference as a library: int-coded votes in; decisions, calibrated confidences, skills and evidence out.

Pure numpy and SciPy. Start with `Votes.from_rows`, then `auto` or a named method; see docs/consensus.md.
"""

from .auto import auto
from .dawid_skene import dawid_skene
from .integer_rule import Decided, decide, publish_prior, publish_tables
from .item_types import item_types
from .majority import majority_vote
from .result import Result
from .skills import Skills, learn_skills
from .votes import Votes

__all__ = [
    "Decided",
    "Result",
    "Skills",
    "Votes",
    "auto",
    "dawid_skene",
    "decide",
    "item_types",
    "learn_skills",
    "majority_vote",
    "publish_prior",
    "publish_tables",
]
