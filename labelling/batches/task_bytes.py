"""What a task costs a worker's phone in data: measured on what the batch holds when it opens, never a constant."""

from __future__ import annotations

from kernel.sql import fetch
from labelling import task_types
from labelling.models import Batch
from labelling.task_types.aids import makers_of

MEASURED = 2_000  # items, spread over the batch by their ids

_MEAN = """
SELECT coalesce(round(avg(octet_length(item.payload::text) + CASE media.kind
         WHEN 'image' THEN (coalesce(media.variants -> %(picture)s, media.variants -> '320') ->> 'bytes')::bigint
         WHEN 'audio' THEN (media.variants -> 'opus' ->> 'bytes')::bigint + (media.variants -> 'peaks' ->> 'bytes')::bigint
         WHEN 'video' THEN (SELECT sum((media.variants -> fetched ->> 'bytes')::bigint)
                              FROM unnest(ARRAY['240', 'strip', 'peaks']) AS fetched)
         ELSE 0 END + coalesce((
             SELECT sum((media.variants -> aid ->> 'bytes')::bigint) FROM unnest(%(aids)s::text[]) AS aid), 0) + coalesce((
             SELECT sum((m.variants -> fetched ->> 'bytes')::bigint)
               FROM labelling_partmedia pm JOIN intake_media m ON m.id = pm.media_id,
                    LATERAL unnest(CASE m.kind WHEN 'image' THEN ARRAY[CASE WHEN m.variants ? %(picture)s THEN %(picture)s ELSE '320' END]
                                               WHEN 'audio' THEN ARRAY['opus', 'peaks']
                                   ELSE ARRAY['240', 'strip', 'peaks'] END) AS fetched
              WHERE pm.item_id = item.id), 0))), 0)::bigint
  FROM (SELECT item_id FROM labelling_batchitem WHERE batch_id = %(batch)s ORDER BY hashint8(item_id) LIMIT %(most)s) AS held
  JOIN labelling_item item ON item.id = held.item_id
  LEFT JOIN intake_media media ON media.id = item.media_id
"""


def mean_task_bytes(batch: Batch) -> int:
    # What phones fetch of a picture before a task; a closer look is hers to choose.
    project = batch.project
    aids = [name for names in makers_of(project.task_type, project.config).values() for name in names]
    picture = task_types.get(project.task_type).picture_of(project.config)
    return fetch(_MEAN, {"batch": batch.pk, "picture": picture, "aids": aids, "most": MEASURED})[0][0]
