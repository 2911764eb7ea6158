"""Change what can be answered: add, rename, recolour, reorder, merge and retire labels, in one go.

A label is its id; its name and colour may change and it stays what it was. What was answered stays as it was said, with the version
that it answered; what follows from a merge is done by consensus (consensus/app/actions/follow_question.py).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.db import transaction
from django.db.models import QuerySet

from delivery.outbox import emit
from kernel.errors import DomainError
from labelling import task_types
from labelling.models import Gold, Project, QuestionVersion
from labelling.projects.create_project import check_project
from labelling.projects.write_question import write_question
from labelling.task_types.label_names import completed
from labelling.task_types.questions import label_ids
from ledger import clock
from people.audit import record
from people.models import Person


@transaction.atomic
def change_labels(
    actor: Person,
    project: Project,
    labels: list[dict],
    *,
    merge: Mapping[str, str] | None = None,
    retire: Collection[str] = (),
) -> QuestionVersion:
    """labels: all that are asked from now on, in order. merge: {label: the label that it is one with now}. retire: asked no more; what
    was decided so stays. Each label of before is in one of the three. `project` is locked by the caller; DomainError changes nothing.
    """
    merge, retire = dict(merge or {}), set(retire)
    labels = completed(labels)
    before = {label["id"]: label for label in project.config.get("labels", [])}
    if not before:
        raise DomainError("{task_type} tasks have no labels.", field="labels", said={"task_type": project.task_type})
    project.config = {**project.config, "labels": labels}
    check_project(project)
    _check_what_goes(project, before, merge, retire)
    changes = _changes(before, labels, merge, retire)
    if not changes and list(before) == label_ids(project.config):
        return write_question(project)
    project.past_labels = _past(project, before, merge, retire)
    project.save(update_fields=["config", "past_labels"])
    version = write_question(project, changes)
    golds_with(project, retire).update(retired_at=clock.now())
    record(actor, "project.labels", project, changes=changes)
    emit("question.changed", {"project": project.pk, "merged": sorted(merge), "retired": sorted(retire)})
    return version


def golds_with(project: Project, labels: Collection[str]) -> QuerySet[Gold]:
    """Known tasks in use whose truth holds one of these labels."""
    kind = task_types.get(project.task_type)
    golds = Gold.objects.filter(project=project, retired_at=None)
    rows = golds.values_list("pk", "truth") if labels else ()
    return golds.filter(pk__in=[pk for pk, truth in rows if kind.labels_in(truth) & set(labels)])


def _check_what_goes(project: Project, before: dict[str, dict], merge: dict[str, str], retire: set[str]) -> None:
    now = set(label_ids(project.config))
    past = {label["id"]: label for label in project.past_labels}
    for label, into in merge.items():
        if into not in now:
            raise DomainError(
                "merge: {label} goes into {into}, which is no label from now on.",
                field="merge",
                said={"label": label, "into": into},
            )
    for field, going in (("merge", set(merge)), ("retire", retire)):
        if unknown := sorted(going - before.keys()):
            raise DomainError(
                "{field}: {unknown} is no label of this project.",
                field=field,
                said={"field": field, "unknown": unknown[0]},
            )
        if kept := sorted(going & now):
            raise DomainError(
                "{field}: {label} stands among the labels, too: leave it out there.",
                field=field,
                said={"field": field, "label": kept[0]},
            )
    if both := sorted(set(merge) & retire):
        raise DomainError("{label} cannot be merged and retired: choose one.", field="retire", said={"label": both[0]})
    if lost := sorted(before.keys() - now - set(merge) - retire):
        raise DomainError(
            "labels lacks {label}: keep it, merge it, or retire it.", field="labels", said={"label": lost[0]}
        )
    if again := sorted(label for label in now if past.get(label, {}).get("into")):
        into = past[again[0]]["into"]
        raise DomainError(
            "labels: {label} was merged into {into}: give the new label another id.",
            field="labels",
            said={"label": again[0], "into": into},
        )


def _changes(before: dict[str, dict], labels: list[dict], merge: dict[str, str], retire: set[str]) -> list[dict]:
    """In words that exports and the history of the question can name."""
    added = [{"id": label["id"], "what": "added"} for label in labels if label["id"] not in before]
    renamed = [{"id": label["id"], "what": "renamed"} for label in labels if label != before.get(label["id"], label)]
    merged = [{"id": label, "what": "merged", "into": into} for label, into in sorted(merge.items())]
    return added + renamed + merged + [{"id": label, "what": "retired"} for label in sorted(retire)]


def _past(project: Project, before: dict[str, dict], merge: dict[str, str], retire: set[str]) -> list[dict]:
    """What was merged before into what is merged now goes along; a retired label that is asked again is past no more."""
    now = set(label_ids(project.config))
    kept = [
        {**past, "into": merge.get(past["into"], past["into"])} for past in project.past_labels if past["id"] not in now
    ]
    return kept + [{**before[label], "into": merge.get(label)} for label in (*sorted(merge), *sorted(retire))]
