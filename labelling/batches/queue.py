"""The lines in which a batch's items wait to be lent: the only place that knows need, ticket, wanted and taken.

    need      which line: first round, asked again, awaited by somebody. The more urgent ones are read first.
    ticket    the place in the line; a new one is the last, and no worker's cursor has passed it
    wanted    so many answers are asked for by now
    taken     so many of them are lent or have come; never more than wanted (constraint never_over_issued)

Fragments of SQL stand here for the one statement that draws and the one that accepts. In each of them the rows of an item in a batch
are called `bi`; values come as parameters.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import IntEnum

from django.db import connection
from django.db.models import F, Func, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce, Greatest

from labelling.models import Batch, BatchItem, Item


class Need(IntEnum):
    FIRST = 0
    AGAIN = 1
    AWAITED = 2


_NEXT = Func(Value("labelling_ticket_seq"), function="nextval")
ALL_CAME = Q(counted__gte=F("wanted"))  # every answer that was asked for has come

# --- reading ----------------------------------------------------------------------------------------------------------

IS_WANTED = "bi.state = 'open' AND bi.taken < bi.wanted"
FREE_SLOTS = "bi.wanted - bi.taken"


def all_came(row: BatchItem) -> bool:
    """The same as ALL_CAME, of a row that is at hand."""
    return row.counted >= row.wanted


def never_asked(row: BatchItem, most: int) -> int:
    """Of the answers that the item is funded for, those that nobody was lent: the batch's `most`, and what it got beyond them out of
    the spare, because silent answers do not count."""
    return max(0, max(most, row.wanted) - row.taken)


def beyond(row: BatchItem, most: int) -> int:
    """Answers, 0 or 1, that the spare must give before one more is asked."""
    return max(0, row.counted + 1 - max(most, row.wanted))


def asked(rows: QuerySet[BatchItem]) -> int:
    """Answers that are asked for now and have not come."""
    open_items = rows.filter(~ALL_CAME, state=BatchItem.State.OPEN)
    return open_items.aggregate(asked=Coalesce(Sum(F("wanted") - F("counted")), 0))["asked"]


# --- lending ----------------------------------------------------------------------------------------------------------

_NOT_HERS = "NOT EXISTS (SELECT 1 FROM labelling_lease l WHERE l.item_id = bi.item_id AND l.worker_id = %(worker)s)"
_MAY_BE_HERS = f"{IS_WANTED} AND {_NOT_HERS}"


def _line(need: Need, more: str, limit: str) -> str:
    """Those next in one line, locked; rows that others hold are passed over."""
    return f"""
    SELECT bi.id, bi.item_id, bi.ticket FROM labelling_batchitem bi
     WHERE bi.batch_id = (SELECT id FROM gate) AND {_MAY_BE_HERS} AND bi.need = {need:d} AND {more}
     ORDER BY bi.ticket LIMIT {limit} FOR UPDATE OF bi SKIP LOCKED"""  # noqa: S608  constants only


_WORK = "(SELECT work FROM size)"

# `chosen`: as many items as `size` says, of the batch that `gate` lets through. What somebody waits for is not taken along in a pack.
CHOOSE = f""", start AS (
    SELECT coalesce(max(first_ticket), 0) AS first_ticket, coalesce(max(again_ticket), 0) AS again_ticket
      FROM labelling_drawcursor WHERE worker_id = %(worker)s AND batch_id = %(batch)s AND NOT %(wrap)s
), urgent AS ({_line(Need.AWAITED, "NOT %(pack)s", _WORK)}
), again AS ({
    _line(
        Need.AGAIN,
        "bi.ticket > (SELECT again_ticket FROM start)",
        f"{_WORK} - (SELECT count(*) FROM urgent)",
    )
}
), first AS ({
    _line(
        Need.FIRST,
        "bi.ticket > (SELECT first_ticket FROM start)",
        f"{_WORK} - (SELECT count(*) FROM urgent) - (SELECT count(*) FROM again)",
    )
}
), chosen AS (
    SELECT * FROM urgent UNION ALL SELECT * FROM again UNION ALL SELECT * FROM first
)"""  # noqa: S608

# The same in a batch that says who does what: a worker has a short list of her own there, and needs no cursor.
CHOOSE_ASSIGNED = f""", start AS (SELECT 0 AS first_ticket, 0 AS again_ticket),
first AS (SELECT 0 AS ticket WHERE false), again AS (TABLE first), chosen AS (
    SELECT bi.id, bi.item_id, bi.ticket
      FROM labelling_assignment a JOIN labelling_batchitem bi ON bi.id = a.batch_item_id
     WHERE a.worker_id = %(worker)s AND bi.batch_id = (SELECT id FROM gate) AND {_MAY_BE_HERS}
     ORDER BY bi.need DESC, bi.ticket LIMIT {_WORK} FOR UPDATE OF bi SKIP LOCKED
)"""  # noqa: S608

TAKE = """, taken AS (
    UPDATE labelling_batchitem bi SET taken = bi.taken + 1 FROM chosen WHERE bi.id = chosen.id
    RETURNING bi.id AS batch_item_id, bi.item_id
)"""

# How far she has come in both lines; what she was offered is passed over next time.
MOVE_CURSOR = """, moved AS (
    INSERT INTO labelling_drawcursor AS c (worker_id, batch_id, first_ticket, again_ticket, wrapped_at)
    SELECT %(worker)s, %(batch)s,
           greatest((SELECT max(ticket) FROM first), start.first_ticket),
           greatest((SELECT max(ticket) FROM again), start.again_ticket),
           CASE WHEN %(wrap)s THEN %(now)s END
      FROM start
    ON CONFLICT (worker_id, batch_id) DO UPDATE
       SET first_ticket = excluded.first_ticket, again_ticket = excluded.again_ticket,
           wrapped_at = coalesce(excluded.wrapped_at, c.wrapped_at)
)"""

_IS_LEFT = f"bi.batch_id = %(batch)s AND {_MAY_BE_HERS}"

# Whether anything is left for her: anywhere, on her own list, or beyond her cursor, where she was offered nothing yet.
LEFT = f"SELECT EXISTS (SELECT 1 FROM labelling_batchitem bi WHERE {_IS_LEFT})"  # noqa: S608
LEFT_ASSIGNED = f"""
SELECT EXISTS (SELECT 1 FROM labelling_assignment a JOIN labelling_batchitem bi ON bi.id = a.batch_item_id
                WHERE a.worker_id = %(worker)s AND {_IS_LEFT})
"""  # noqa: S608
LEFT_AHEAD = f"""
WITH start AS (
    SELECT coalesce(max(first_ticket), 0) AS first_ticket, coalesce(max(again_ticket), 0) AS again_ticket
      FROM labelling_drawcursor WHERE worker_id = %(worker)s AND batch_id = %(batch)s
)
SELECT EXISTS (SELECT 1 FROM labelling_batchitem bi WHERE {_IS_LEFT} AND bi.need = {Need.AWAITED:d})
    OR EXISTS (SELECT 1 FROM labelling_batchitem bi
                WHERE {_IS_LEFT} AND bi.need = {Need.AGAIN:d} AND bi.ticket > (SELECT again_ticket FROM start))
    OR EXISTS (SELECT 1 FROM labelling_batchitem bi
                WHERE {_IS_LEFT} AND bi.need = {Need.FIRST:d} AND bi.ticket > (SELECT first_ticket FROM start))
"""  # noqa: S608

# --- answers come, or leases go back ----------------------------------------------------------------------------------

# Of `sent`: a live lease holds its slot already, a late one takes one.
COUNT = """
    UPDATE labelling_batchitem bi SET counted = bi.counted + 1, taken = bi.taken + sent.takes
      FROM sent WHERE bi.id = sent.batch_item AND sent.counted
"""

# A slot goes to the front of those asked again. One of an item that is decided is wanted by nobody any more: it pays for one late
# answer elsewhere. The same lock order as in accept_answers: leases, then batch items ascending, then batches.
_GIVE_BACK = f"""
WITH hot AS (
    SELECT id FROM labelling_batchitem WHERE id = ANY(%s) ORDER BY id FOR UPDATE
), freed AS (
    UPDATE labelling_batchitem bi
       SET taken = bi.taken - 1, need = greatest(bi.need, {Need.AGAIN:d}), ticket = nextval('labelling_ticket_seq')
      FROM hot WHERE bi.id = hot.id AND bi.taken > bi.counted
    RETURNING bi.batch_id, bi.state
)
UPDATE labelling_batch b SET spare = b.spare + spared.n
  FROM (SELECT batch_id, count(*) AS n FROM freed WHERE state = 'done' GROUP BY batch_id) AS spared
 WHERE b.id = spared.batch_id
"""  # noqa: S608


def give_back(batch_items: Iterable[int]) -> None:
    """One slot a mention: an item of which two leases ran out gets two back."""
    left = list(batch_items)
    while left:
        once = sorted(set(left))
        _run(_GIVE_BACK, [once])
        for batch_item in once:
            left.remove(batch_item)


# --- asking -----------------------------------------------------------------------------------------------------------

_FILL = f"""
INSERT INTO labelling_batchitem (batch_id, item_id, state, need, wanted, taken, counted)
SELECT %(batch)s, item.id, 'open', {Need.FIRST:d}, %(wanted)s, 0, 0
  FROM labelling_item item
 WHERE item.project_id = %(project)s AND item.archived_at IS NULL
   AND (%(items)s::bigint[] IS NULL OR item.id = ANY(%(items)s))
   AND NOT EXISTS (SELECT 1 FROM labelling_gold g WHERE g.item_id = item.id AND g.retired_at IS NULL)
   AND NOT EXISTS (SELECT 1 FROM labelling_decision d WHERE d.item_id = item.id AND d.final)
   AND NOT EXISTS (SELECT 1 FROM labelling_labelrequest r WHERE r.item_id = item.id AND r.source = 'model')
   AND NOT EXISTS (SELECT 1 FROM labelling_batchitem bi JOIN labelling_batch b ON b.id = bi.batch_id
                    WHERE bi.item_id = item.id AND b.state = 'open')
 ORDER BY item.id LIMIT %(limit)s
"""  # noqa: S608

_ASK_AGAIN = f"""
    WITH asked AS (SELECT id, nextval('labelling_ticket_seq') AS ticket FROM unnest(%s::bigint[]) AS id)
    UPDATE labelling_batchitem AS bi SET wanted = counted + 1, need = greatest(need, {Need.AGAIN:d}), ticket = asked.ticket
      FROM asked WHERE bi.id = asked.id
"""  # noqa: S608

# Rows that somebody is drawing just now keep their place.
_REORDER = f"""
WITH ordered AS (
    SELECT o.item_id, o.place FROM unnest(%s::bigint[]) WITH ORDINALITY AS o(item_id, place)
), free AS MATERIALIZED (
    SELECT bi.id, ordered.place FROM labelling_batchitem bi JOIN ordered USING (item_id)
      JOIN labelling_batch batch ON batch.id = bi.batch_id AND batch.state = 'open'
     WHERE bi.state = 'open' AND bi.need = {Need.FIRST:d} AND bi.taken = 0
     ORDER BY bi.id FOR UPDATE OF bi SKIP LOCKED
), numbered AS MATERIALIZED (
    SELECT id, nextval('labelling_ticket_seq') AS ticket FROM (SELECT id FROM free ORDER BY place) AS inline
)
UPDATE labelling_batchitem bi SET ticket = numbered.ticket FROM numbered WHERE bi.id = numbered.id
"""  # noqa: S608


def fill(batch: Batch, limit: int | None, items: Sequence[int] | None) -> int:
    """Put the project's undecided items on offer (items: these of them), in the order of their ids; how many."""
    what = {"batch": batch.pk, "project": batch.project_id, "wanted": batch.min_answers, "limit": limit, "items": items}
    return _run(_FILL, what)


def add(batch: Batch, item: Item, need: Need) -> BatchItem:
    """One more item, at the end of its line."""
    return BatchItem.objects.create(batch=batch, item=item, need=need, wanted=batch.min_answers)


def bring_forward(row: BatchItem, need: Need) -> BatchItem:
    """Into a more urgent line, with a new ticket, so that cursors of the old one do not hide it."""
    if need > row.need:
        BatchItem.objects.filter(pk=row.pk).update(need=need, ticket=_NEXT)
        row.need = need
    return row


def ask_again(batch_items: Sequence[int]) -> None:
    """One more answer on each of these (ids of BatchItem, whose rows the caller holds), in this order."""
    if batch_items:
        _run(_ASK_AGAIN, [list(batch_items)])


def reopen(batch_items: Sequence[int], lent: int) -> None:
    """Rows that were decided are asked for again; of each, `lent` answers are out. The caller holds them."""
    again = {"need": Greatest(F("need"), Value(int(Need.AGAIN))), "ticket": _NEXT}
    BatchItem.objects.filter(pk__in=batch_items).update(state=BatchItem.State.OPEN, taken=F("counted") + lent, **again)


def reorder(items: Sequence[int]) -> int:
    """Those of these items that nobody was lent yet go to the end of the first round, in this order; how many moved."""
    return _run(_REORDER, [list(items)])


def _run(sql: str, values: Sequence | dict) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.rowcount
