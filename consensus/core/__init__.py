"""Truth inference as a library: int-coded votes in; decisions, calibrated confidences, skills and evidence out.

Pure numpy and SciPy. Start with `Votes.from_rows`, then `auto` or a named method; see docs/consensus.md.
"""

from .forms import Question, merge_forms
from .labels.auto import auto
from .labels.dawid_skene import dawid_skene
from .labels.glad import glad
from .labels.integer_rule import Decided, decide, publish_prior, publish_tables
from .labels.item_types import item_types
from .labels.mace import mace
from .labels.majority import majority_vote, weighted_majority
from .labels.one_coin import one_coin
from .labels.ordinal import Grades, decide_grades, grade
from .labels.result import Result
from .labels.skills import Skills, learn_skills
from .labels.streaming import Stream
from .labels.taxonomy import taxonomy
from .labels.tree import Tree
from .labels.votes import Votes
from .metrics.kappa import cohen_kappa
from .metrics.ratings import RatingAgreement, rating_agreement
from .numbers.numeric import Bounds, Merged, Numbers, NumberSkills, decide_numbers, merge_numbers
from .pairs.bradley_terry import bradley_terry, crowd_bradley_terry
from .pairs.pairwise import Comparisons, Ranking
from .sets.multilabel import multilabel
from .sets.sets import Sets
from .stopping import Rule, expected_error, is_done, next_items, worth_of_answer

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
