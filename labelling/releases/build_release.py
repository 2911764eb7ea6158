"""Write a release: one JSON line for each item that it was asked to hold, in the order of the items, from one snapshot of the database.

The same decisions give the same bytes: PostgreSQL writes the lines, keys in a fixed order, nothing of this run in them.
`sha256` is of the JSON Lines as downloaded, not of the packed file that is kept.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import logging
import secrets
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import orjson
from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from intake.full import is_full
from kernel.locks import only_one, own_connection
from kernel.sql import fetch
from labelling import task_types
from labelling.formats.frozen import UNITS
from labelling.models import Project, Release
from labelling.task_types.label_names import names_ever, with_names
from labelling.task_types.questions import deciding_config, question_of
from people.audit import record

log = logging.getLogger(__name__)

Rows = list[tuple[str, str, str]]  # of each item: its line, its metadata and its other rows
BLOCK_ROWS = 2_000
PROGRESS_ROWS = 10_000
GZIP_LEVEL = 2  # half the time of the usual 9 for some more bytes; the text is very alike from line to line

# Which version of the question an answer is to, is looked up only where there was more than one.
_LINES = """
SELECT json_build_object(
           'item', item.id,
           'external_id', item.external_id,
           'text', item.payload -> 'text',
           'parts', item.payload -> 'parts',
           'media', CASE WHEN media.kind = 'video' THEN json_build_object(
               'file_name', item.file_name, 'kind', media.kind, 'sha256', media.sha256, 'width_px', media.width_px,
               'height_px', media.height_px, 'duration_ms', media.duration_ms,
               'frames', (media.variants -> 'video' ->> 'frames')::int)
             WHEN media.id IS NOT NULL THEN json_build_object(
               'file_name', item.file_name, 'kind', media.kind, 'sha256', media.sha256, 'width_px', media.width_px,
               'height_px', media.height_px, 'duration_ms', media.duration_ms) END,
           'metadata', NULL,
           'other_rows', NULL,
           'decision', coalesce(g.truth, d.value),
           'confidence_ppm', CASE WHEN g.id IS NULL THEN d.confidence_ppm END,
           'agreement_ppm', CASE WHEN g.id IS NULL THEN d.agreement_ppm END,
           'answers_used', coalesce(CASE WHEN g.id IS NULL THEN d.answers_used END, 0),
           'sure', coalesce(d.sure, false) OR g.id IS NOT NULL,
           'method', CASE WHEN g.id IS NULL THEN coalesce(d.method, '') ELSE 'known' END,
           'inputs_hash', CASE WHEN g.id IS NULL THEN coalesce(d.inputs_hash, '') ELSE '' END,
           'answers', (
               SELECT coalesce(json_agg(json_build_object(
                          'worker', 'r' || left(encode(sha256(%(key)s || int8send(a.worker_id)), 'hex'), 12),
                          'value', a.value, 'shown', a.shown,
                          'counted', a.counted AND a.seq > item.heard_after, 'received_at', a.received_at,
                          'active_ms', a.active_ms, 'device_class', a.device_class,
                          'suggestion_shown', a.suggestion_shown, 'question', CASE WHEN EXISTS (
                              SELECT FROM labelling_questionversion WHERE project_id = %(project)s AND number > 1) THEN coalesce((
                              SELECT q.number FROM labelling_lease l JOIN labelling_questionversion q ON q.id = l.question_id
                               WHERE l.id = a.lease_id), 1) ELSE 1 END) ORDER BY a.seq), '[]'::json)
                 FROM labelling_answer a WHERE a.item_id = item.id),
           'provenance', json_build_object(
               'project', %(project)s::bigint, 'task_type', %(task_type)s::text,
               'batch', d.batch_id, 'source', CASE WHEN g.id IS NULL THEN coalesce(d.source, 'open') ELSE 'known' END,
               'decided_at', d.decided_at, 'question', %(question)s::int,
               'units', %(units)s::text)
       )::text,
       item.metadata::text,
       (SELECT coalesce(json_agg(json_build_object('external_id', r.external_id, 'file_name', r.file_name,
                                                   'metadata', r.metadata) ORDER BY r.id), '[]'::json)
          FROM labelling_itemrow r WHERE r.item_id = item.id)::text
  FROM labelling_item item
  LEFT JOIN labelling_gold g ON g.item_id = item.id AND g.retired_at IS NULL
  LEFT JOIN labelling_decision d ON d.item_id = item.id AND d.final
  LEFT JOIN intake_media media ON media.id = item.media_id
 WHERE item.project_id = %(project)s AND item.archived_at IS NULL
   AND CASE WHEN g.id IS NOT NULL THEN %(gold)s WHEN d.id IS NULL THEN %(undecided)s ELSE true END
   AND (%(least)s::int IS NULL OR g.id IS NOT NULL OR d.confidence_ppm >= %(least)s)
   AND (%(labels)s::text[] IS NULL OR jsonb_path_query_array(coalesce(g.truth, d.value), 'lax $.**.label') ?| %(labels)s::text[])
   AND (%(datasets)s::bigint[] IS NULL OR item.dataset_id = ANY(%(datasets)s))
   AND (%(batches)s::bigint[] IS NULL
        OR EXISTS (SELECT 1 FROM labelling_batchitem bi WHERE bi.item_id = item.id AND bi.batch_id = ANY(%(batches)s)))
 ORDER BY item.id
"""


def build_release(release_id: int) -> None:
    """Safe to repeat: a release that is ready stays as it is for ever."""
    with only_one(f"labelling.release:{release_id}") as mine:
        release = Release.objects.select_related("project").filter(pk=release_id, state="building").first()
        if not mine or release is None:
            return
        try:
            _build(release)
        except (OperationalError, InterfaceError):  # the database is away: the sweep asks again
            raise
        except Exception as failure:
            if is_full(failure):  # so does it here, until there is room
                raise
            log.exception("release %d failed", release_id)
            Release.objects.filter(pk=release_id, state="building").update(state="failed")


def _build(release: Release) -> None:
    with tempfile.TemporaryDirectory(prefix="ilima-release-") as folder:
        path = Path(folder) / "release.jsonl.gz"
        items, size_bytes, sha256 = _write(release, path)
        name = f"releases/{release.project.organisation_id}/{secrets.token_urlsafe(16)}.jsonl.gz"
        with path.open("rb") as file:
            stored = default_storage.save(name, File(file))
    with transaction.atomic():
        ready = {"state": "ready", "stored": stored, "sha256": sha256, "items": items, "size_bytes": size_bytes}
        if not Release.objects.filter(pk=release.pk, state="building").update(**ready):
            transaction.on_commit(lambda: default_storage.delete(stored))  # another was done first, and stays
            return
        detail = {"items": items, "sha256": sha256}
        record(release.created_by, "release.ready", release, **detail)


def _write(release: Release, path: Path) -> tuple[int, int, str]:
    """(items, bytes, SHA-256) of the JSON Lines that now lie packed in `path`. A block is packed while PostgreSQL writes the next."""
    items, size_bytes, digest = 0, 0, hashlib.sha256()
    names, score = names_ever(release.project.config, release.project.past_labels), _scorer(release.project)

    def pack(rows: Rows) -> int:
        block = b"".join(_line(*row, names, score) for row in rows)
        digest.update(block)
        return packed.write(block)

    aside = own_connection()  # what is read is one transaction: progress is told beside it
    with (
        closing(aside),
        transaction.atomic(),
        path.open("wb") as file,
        gzip.GzipFile("", "wb", GZIP_LEVEL, file, mtime=0) as packed,
        ThreadPoolExecutor(1) as beside,
    ):
        packing: Future[int] | None = None
        for rows in _blocks(release):
            size_bytes += packing.result() if packing else 0
            packing = beside.submit(pack, rows)
            items += len(rows)
            if items % PROGRESS_ROWS < BLOCK_ROWS:
                _tell_progress(aside, release, items)
        size_bytes += packing.result() if packing else 0
    return items, size_bytes, digest.hexdigest()


def _scorer(project: Project) -> Callable[[dict], float | None]:
    """What a decision is worth, where its task type says so."""
    score, question = task_types.get(project.task_type).score_of, question_of(deciding_config(project), {})
    return lambda value: score(value, question) if score else None


def _line(
    line: str, metadata: str, other_rows: str, names: dict[str, str], score: Callable[[dict], float | None]
) -> bytes:
    """Labels under the requester's names, as they are today. Her own values stay as PostgreSQL wrote them: it knows numbers of
    any length."""
    row = orjson.loads(line)
    if row["decision"] is not None and (worth := score(row["decision"])) is not None:
        row["score"] = round(worth, 4)
    row |= {"metadata": orjson.Fragment(metadata), "other_rows": orjson.Fragment(other_rows)}
    row["decision"] = with_names(row["decision"], names)
    for answer in row["answers"]:
        answer["value"] = with_names(answer["value"], names)
    for holder, key in [(row, "parts"), *((answer, "shown") for answer in row["answers"])]:
        if holder.get(key) is None:  # only items of parts have any
            holder.pop(key, None)
    return orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE)


def _tell_progress(aside: BaseDatabaseWrapper, release: Release, items: int) -> None:
    with aside.cursor() as cursor:
        cursor.execute(
            "UPDATE labelling_release SET items = %s WHERE id = %s AND state = 'building'", [items, release.pk]
        )


def _blocks(release: Release) -> Iterator[Rows]:
    """The lines through a cursor on the server, so that memory here does not grow with the release. In a transaction."""
    values: dict[str, Any] = {
        "key": _pseudonym_key(release),
        "project": release.project_id,
        "task_type": release.project.task_type,
        "units": UNITS,
        "question": release.project.question.number if release.project.question else 1,
    }
    wanted = release.wanted
    values |= {name: bool(wanted.get(name)) for name in ("gold", "undecided")}
    values |= {name: wanted.get(name) for name in ("labels", "datasets", "batches")}
    values["least"] = wanted.get("confidence_from_ppm")
    with connection.chunked_cursor() as cursor:
        cursor.execute(_LINES, values)
        while rows := cursor.fetchmany(BLOCK_ROWS):
            yield rows


_CONTENT = """
SELECT (SELECT json_build_array(count(*), max(d.decided_at), max(d.id))
          FROM labelling_decision d WHERE d.project_id = %(project)s AND d.final),
       (SELECT max(a.seq) FROM labelling_answer a WHERE a.project_id = %(project)s)
"""


def _pseudonym_key(release: Release) -> bytes:
    """Workers are named anew as soon as anything was decided or answered since: two releases of different content cannot be laid side by
    side to follow somebody, and two of the same content are the same bytes."""
    content = fetch(_CONTENT, {"project": release.project_id})[0]
    of = json.dumps([release.project_id, release.wanted, content], sort_keys=True)
    return hashlib.sha256(f"labelling.release/2:{settings.SECRET_KEY}:{of}".encode()).digest()
