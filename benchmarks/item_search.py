"""How long a requester waits for a page of her items, by words and orders, at 200,000 items.

    .venv/bin/python -m benchmarks.item_search > benchmarks/results/item_search.json

Of each search: milliseconds on the wall (best of five), and of processor time in the database, which other load does not change.
"""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

from benchmarks.platform_for_benchmarks import running_servers

ITEMS = 200_000
FILL = """
INSERT INTO labelling_item (project_id, dataset_id, content_hash, heard_after, external_id, file_name, payload, metadata, created_at)
SELECT %s, %s, md5(i::text), 0, 'row-' || i, '', jsonb_build_object('text', concat_ws(' ', 'every',
         CASE WHEN i %% 2 = 0 THEN 'half' END, CASE WHEN i %% 10 = 0 THEN 'tenth' END, CASE WHEN i %% 1000 = 0 THEN 'rare' END,
         CASE WHEN i > %s / 2 THEN 'late' ELSE 'early' END,
         (SELECT string_agg('w' || floor(power(random(), 3) * 20000 + 0 * i * g)::int, ' ') FROM generate_series(1, 14) g))),
       jsonb_build_object('city', (ARRAY['Durban', 'Cape Town', 'Pretoria'])[1 + i %% 3]), now()
  FROM generate_series(1, %s) i
"""
DECIDE = """
INSERT INTO labelling_decision (item_id, project_id, value, confidence_ppm, agreement_ppm, answers_used, final, sure, source, method,
                                inputs_hash, detail, decided_at)
SELECT id, project_id, '{"label": "good"}', (random() * 1e6)::int, (random() * 1e6)::int, 3, true, true, 'crowd', 'm', '', '{}', now()
  FROM labelling_item WHERE id %% 10 < 7
"""
WORDS = ("every", "half", "tenth", "early", "late", "rare", "w5", "absent", "every durban", "rare durban")
WAYS = ({}, {"sort": "oldest"}, {"sort": "least_sure"}, {"state": "open"}, {"label": "good"})


def main() -> None:
    with running_servers():
        from django.db import connection

        from tests.worlds import sentiment_world

        world = sentiment_world(items=0, workers=1)
        with connection.cursor() as cursor:
            cursor.execute("SET synchronous_commit = off")
            cursor.execute(FILL, [world.project.pk, world.dataset.pk, ITEMS, ITEMS])
            cursor.execute(DECIDE.replace("%%", "%"))
            cursor.execute("VACUUM ANALYZE labelling_item, labelling_decision")
        rows = [measured(world.project, {"q": q, **way}) for q in WORDS for way in WAYS]
        worst = {key: max(row[key] for row in rows) for key in ("wall_ms", "processor_ms")}
        print(json.dumps({"items": ITEMS, "worst": worst, "load": os.getloadavg()[0], "searches": rows}, indent=1))


def measured(project, wanted: dict[str, str]) -> dict:
    from django.db import connection
    from django.test import RequestFactory

    from console.paging import page_by_keys
    from labelling.data.items import find_items, with_figures

    request, walls, pid = RequestFactory().get("/"), [], connection.connection.info.backend_pid
    used = processor_ms(pid)
    for _ in range(5):
        began = time.perf_counter()
        rows, sort = find_items(project, wanted)
        page = page_by_keys(rows, request, sort.keys, sort.ascending, with_figures)
        walls.append(time.perf_counter() - began)
    used = (processor_ms(pid) - used) / 5
    return {**wanted, "rows": len(page), "wall_ms": round(min(walls) * 1000), "processor_ms": round(used)}


def processor_ms(pid: int) -> int:
    """What this backend has used so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) * 1000 // os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
