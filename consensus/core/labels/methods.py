"""All categorical methods by name: each takes Votes and returns a Result. benchmarks and the invariants suite read this."""

from __future__ import annotations

from collections.abc import Callable

from .dawid_skene import dawid_skene
from .ensemble import auto
from .glad import glad
from .item_types import item_types
from .mace import mace
from .majority import majority_vote, weighted_majority
from .one_coin import one_coin
from .result import Result
from .votes import Votes

CATEGORICAL: dict[str, Callable[[Votes], Result]] = {
    "majority_vote": majority_vote,
    "weighted_majority": weighted_majority,
    "one_coin": one_coin,
    "dawid_skene": dawid_skene,
    "hierarchical_dawid_skene": lambda votes: item_types(votes, n_types=1),
    "item_types": item_types,
    "glad": glad,
    "mace": mace,
    "auto": auto,
}
