"""Which items a shard of a skill run holds, and their votes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Count, QuerySet

from consensus import core as cc
from consensus.app import run_files
from consensus.app.models import SkillRun, SkillShard
from consensus.app.tasks_of import load_shard_tasks
from kernel.sql import stream
from labelling import task_types
from labelling.models import Answer

if TYPE_CHECKING:
    from consensus.core.distributed import Shard


def cut_ranges(answers: QuerySet[Answer]) -> tuple[list[tuple[int, int]], int]:
    """(first and last item of every shard, answers in all): runs of items with about SKILL_SHARD_ANSWERS answers each."""
    ranges, first, size, total = [], None, 0, 0
    rows = answers.order_by("item").values_list("item").annotate(n=Count("pk"))
    item = 0
    for item, n in stream(rows):
        if first is not None and size + n > settings.SKILL_SHARD_ANSWERS:
            ranges.append((first, item - 1))
            first, size = None, 0
        first, size, total = item if first is None else first, size + n, total + n
    return [*ranges, *([(first, item)] if first is not None else [])], total


def read_votes(run: SkillRun, shard: SkillShard) -> Shard:
    """From the database, with gold truths; labels and annotators have the run's codes."""
    project = run.project
    tasks = load_shard_tasks(project, shard.first_item, shard.last_item, run.last_seq, run.annotators)
    votes, gold = task_types.get(project.task_type).consensus.votes_of(tasks, run.config, run.annotators)
    return cc.distributed.Shard(votes, gold)


def votes_per_annotator(run: SkillRun) -> list[int]:
    """How many votes each annotator has in all shards."""
    counts = None
    for name in run.shards.order_by("number").values_list("votes_file", flat=True):
        votes = run_files.load_shard(name).votes.votes_per_worker
        counts = votes if counts is None else counts + votes
    return [] if counts is None else counts.tolist()
