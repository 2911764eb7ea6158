"""Truth inference as a library: int-coded votes in; decisions, calibrated confidences, skills and evidence out.

Pure numpy and SciPy. Start with `Votes.from_rows`, then `auto` or a named method; see docs/consensus.md.
"""

from .auto import auto
from .bradley_terry import bradley_terry, crowd_bradley_terry
from .dawid_skene import dawid_skene
from .forms import Question, merge_forms
from .glad import glad
from .integer_rule import Decided, decide, publish_prior, publish_tables
from .item_types import item_types
from .kappa import cohen_kappa
from .mace import mace
from .majority import majority_vote, weighted_majority
from .multilabel import multilabel
from .numeric import Bounds, Merged, Numbers, NumberSkills, decide_numbers, merge_numbers
from .one_coin import one_coin
from .ordinal import Grades, decide_grades, grade
from .pairwise import Comparisons, Ranking
from .ratings import RatingAgreement, rating_agreement
from .result import Result
from .sets import Sets
from .skills import Skills, learn_skills
from .stopping import Rule, expected_error, is_done, next_items, worth_of_answer
from .streaming import Stream
from .taxonomy import taxonomy
from .tree import Tree
from .votes import Votes

__all__ = [
    "Bounds",
    "Comparisons",
    "Decided",
    "Grades",
    "Merged",
    "NumberSkills",
    "Numbers",
    "Question",
    "Ranking",
    "RatingAgreement",
    "Result",
    "Rule",
    "Sets",
    "Skills",
    "Stream",
    "Tree",
    "Votes",
    "auto",
    "bradley_terry",
    "cohen_kappa",
    "crowd_bradley_terry",
    "dawid_skene",
    "decide",
    "decide_grades",
    "decide_numbers",
    "expected_error",
    "glad",
    "grade",
    "is_done",
    "item_types",
    "learn_skills",
    "mace",
    "majority_vote",
    "merge_forms",
    "merge_numbers",
    "multilabel",
    "next_items",
    "one_coin",
    "publish_prior",
    "publish_tables",
    "rating_agreement",
    "taxonomy",
    "weighted_majority",
    "worth_of_answer",
]
