"""The line in which items wait to be lent: who needs an answer stands behind those who asked before."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

_ASK_AGAIN = """
    WITH asked AS (SELECT id, nextval('labelling_ticket_seq') AS ticket FROM unnest(%s::bigint[]) AS id)
    UPDATE labelling_batchitem AS bi SET wanted = counted + 1, need = greatest(need, 1), ticket = asked.ticket
      FROM asked WHERE bi.id = asked.id
"""


def ask_again(batch_items: Sequence[int]) -> None:
    """One more answer on each of these (ids of BatchItem, whose rows the caller holds), in this order."""
    if not batch_items:
        return
    with connection.cursor() as cursor:
        cursor.execute(_ASK_AGAIN, [list(batch_items)])
