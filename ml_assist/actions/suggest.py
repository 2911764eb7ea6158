"""All suggestions of a version: on the open items, and on gold, which could be told from work if it had none.

A model that learned from a gold item knows its truth: such a suggestion would be surer than the others, and whoever took every
suggestion would pass. So each half of the gold is guessed by a model that learned without that half.
"""

from __future__ import annotations

from collections.abc import Sequence

from labelling.models import Item, Project, Suggestion
from labelling.task_types.questions import label_ids
from ml_assist.actions.write_suggestions import may_have_suggestion, suggestion_of, write_suggestions
from ml_assist.examples import content_of, labelled_items
from ml_assist.learners import CannotLearn, Prediction, learner_of
from ml_assist.models import ModelVersion
from ml_assist.ordering import Guess

SHARE_OF_EXAMPLES = 4  # of what the learner takes at most: these models are used once, and thrown away


def suggest(version: ModelVersion) -> list[Guess]:
    """Write what is missing; returns the guesses on open items. Safe to repeat.

    The gold is guessed first, which takes long, and written last: for no more than a moment it differs from the work.
    """
    on_gold = guess_gold(version)
    guesses = write_suggestions(version)
    Suggestion.objects.bulk_create(on_gold, ignore_conflicts=True)
    return guesses


def guess_gold(version: ModelVersion) -> list[Suggestion]:
    """Suggestions, not saved yet, on all gold in use that may have one and has none of this version."""
    if version.state != ModelVersion.State.LIVE or not version.project.suggestions_enabled:
        return []
    suggested = Suggestion.objects.filter(model_version_id=version.pk).values("item_id")
    golds = Item.objects.filter(project=version.project_id, gold__retired_at=None, gold__isnull=False)
    found = [item for item in golds.exclude(id__in=suggested).select_related("media") if may_have_suggestion(item)]
    found.sort(key=lambda item: item.content_hash)  # as good as chance, and the same every time
    halves = [half for half in (found[::2], found[1::2]) if half]
    return [
        suggestion_of(item.pk, version, prediction)
        for half in halves
        for item, prediction in zip(half, _guessed_unseen(version.project, half), strict=False)
    ]


def _guessed_unseen(project: Project, items: Sequence[Item]) -> list[Prediction]:
    """By a model that learned from all that is labelled but these and what is held back; [] when that is too little."""
    kind, unseen = learner_of(project.medium, project.task_type), {item.pk for item in items}
    labelled = labelled_items(project, kind.most_examples // SHARE_OF_EXAMPLES)
    learner = kind(label_ids(project.config))
    try:
        learner.fit([one.example for one in labelled if not one.held_back and one.item_id not in unseen])
    except CannotLearn:
        return []
    return learner.predict([content_of(item) for item in items])
