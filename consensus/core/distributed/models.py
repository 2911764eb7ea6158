"""The default model over shards, under the protocol: the same decisions as `Ensemble`, with one shard in memory at a time."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ..answers.model import Gold
from ..answers.skills import WorkerSkills
from ..labels.models import Found, LabelModel, gold_codes, history_counts, pack_labels
from ..labels.result import choose
from ..labels.votes import Votes
from .sharding import auto_on_shards, run_job, run_locally, split_votes


class Sharded(LabelModel):
    """`Ensemble` in parts, here one after the other; see sharding.py and shard_steps.py for parts on many machines.

    Parameters
    ----------
    n_shards : int
        Runs of items, about equally many votes each.
    """

    takes_history = True

    def __init__(self, n_shards: int = 4, skills: WorkerSkills | None = None) -> None:
        super().__init__(skills)
        self.n_shards = n_shards

    def _learn(self, answers: Votes, gold: Gold, history: Mapping) -> tuple[Found, WorkerSkills]:
        shards = split_votes(answers, self.n_shards, gold_codes(answers, gold))
        learned = auto_on_shards(run_locally(shards), history_counts(answers, history))
        posteriors = np.concatenate([run_job("posteriors", shard, learned.model) for shard in shards])
        mean = float(np.diag(learned.pooled) @ learned.prior)
        packed = pack_labels(answers, learned.accuracy, mean, learned.prior, learned.confusion, learned.pooled)
        return Found(choose(posteriors), posteriors), packed
