"""Which missed known task of hers is the first of its project: it teaches and stands in no count (docs/decisions/first-miss.md).

What counts is said when the answer is settled, an instant later and under the record's lock; this says it to her before."""

from __future__ import annotations

from collections.abc import Iterable

from labelling.batches import pay
from labelling.models import Answer, WorkerRecord
from people.models import Worker


def teaching(worker: Worker, project_ids: Iterable[int]) -> set[str]:
    """Ids of the answers that taught her in these projects, or will. Read only where one was missed: seldom."""
    projects = set(project_ids)
    if not projects:
        return set()
    taught = WorkerRecord.objects.filter(worker=worker, project__in=projects, taught=True)
    free = projects - set(taught.values_list("project", flat=True))
    missed = Answer.objects.filter(worker=worker, project__in=projects, gold_right=False).order_by("seq")
    found = set()
    fields = ("pk", "project", "settlement__taught", "batch__pay_rule_version", "batch__training")
    for pk, project, settled, rule, training in missed.values_list(*fields):
        if training:
            found.add(str(pk))
        elif settled or (settled is None and project in free and rule >= pay.TAUGHT_FROM):
            found.add(str(pk))
            free.discard(project)
    return found
