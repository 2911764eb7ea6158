"""Whose import is next: one slice for each organisation in turn, one at a time each.

Ten archives of one requester stand in her own line, not in everybody's: who sends one picture waits for a slice of each of the
others at most. Within an organisation its uploads take turns, too, so that a slow one does not hold up a quick one.
"""

from __future__ import annotations

from django.db.models import F

from kernel.locks import only_one
from kernel.sql import fetch
from labelling.data.import_upload import import_upload
from labelling.models import Upload
from ledger import clock

_IN_TURN = """
SELECT project.organisation_id
  FROM labelling_upload upload
  JOIN labelling_dataset dataset ON dataset.id = upload.dataset_id
  JOIN labelling_project project ON project.id = dataset.project_id
 GROUP BY project.organisation_id
HAVING bool_or(upload.state IN ('waiting', 'running'))
 ORDER BY max(upload.turn_at) NULLS FIRST, min(upload.id) FILTER (WHERE upload.state IN ('waiting', 'running'))
"""


def import_next(most_s: float) -> bool:
    """Import for `most_s` seconds what has waited longest; False when there is nothing that others are not at already."""
    for (organisation_id,) in fetch(_IN_TURN, {}):
        with only_one(f"labelling.imports:{organisation_id}") as mine:
            if mine and (upload := _next_of(organisation_id)):
                Upload.objects.filter(pk=upload.pk).update(turn_at=clock.now())
                import_upload(upload.pk, most_s)
                return True
    return False


def _next_of(organisation_id: int) -> Upload | None:
    waiting = Upload.objects.filter(dataset__project__organisation=organisation_id, state__in=Upload.UNFINISHED)
    return waiting.order_by(F("turn_at").asc(nulls_first=True), "pk").first()
