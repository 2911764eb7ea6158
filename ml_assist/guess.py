"""What the live model of a project says of an item, for the label API (labelling/label_api/guess.py)."""

from __future__ import annotations

from labelling.label_api.guess import Guess
from labelling.models import Item, Project
from ml_assist import registry
from ml_assist.actions.write_suggestions import may_have_suggestion, suggestion_of
from ml_assist.examples import content_of


def guess_of(project: Project, item: Item) -> Guess | None:
    version = registry.live_version_of(project)
    if version is None:
        return None
    prediction = registry.load(version).predict([content_of(item)])[0]
    suggestion = suggestion_of(item.pk, version, prediction)
    shown = project.suggestions_enabled and may_have_suggestion(item)
    return Guess(suggestion.value, suggestion.confidence_ppm, version.pk, shown)
