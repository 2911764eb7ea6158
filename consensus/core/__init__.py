"""Truth inference as a library: int-coded votes in; decisions, calibrated confidences, skills and evidence out.

Pure numpy and SciPy. Start with `Votes.from_rows`, then `auto` or a named method; see docs/consensus.md.
"""

from .dawid_skene import dawid_skene
from .integer_rule import Decided, decide, publish_prior, publish_tables
from .majority import majority_vote
from .result import Result
from .skills import Skills, learn_skills
from .votes import Votes

__all__ = [
    "Decided",
    "Result",
    "Skills",
    "Votes",
    "dawid_skene",
    "decide",
    "learn_skills",
    "majority_vote",
    "publish_prior",
    "publish_tables",
]
