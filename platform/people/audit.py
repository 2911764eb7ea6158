"""The only way into the audit log: a line is written inside the action's own transaction."""

import hashlib
from collections.abc import Sequence
from datetime import timedelta

from django.db import connection
from django.db.models import Model

from ledger import clock
from people.models import AuditEntry, Person

WINDOW = timedelta(hours=1)


def record(actor: Person | None, action: str, target: Model | str = "", **detail) -> AuditEntry:
    """`action` is `area.verb`; `target` is a model instance or a name; `detail` is JSON."""
    line = entry(actor, action, target, **detail)
    line.save(force_insert=True)
    return line


def entry(actor: Person | None, action: str, target: Model | str = "", **detail) -> AuditEntry:
    """The line as record() would write it, for record_many()."""
    name = target if isinstance(target, str) else f"{target._meta.model_name}:{target.pk}"
    return AuditEntry(actor=actor, action=action, target=name[:80], detail=detail)


def record_many(lines: Sequence[AuditEntry]) -> None:
    AuditEntry.objects.bulk_create(lines, batch_size=2_000)


# One row for each `whose` and window: what a stranger can make happen a million times is a number, not a million rows.
_COUNT = """
INSERT INTO people_auditcount AS c (key, times, ends_at) VALUES (%(key)s, 1, %(ends)s)
ON CONFLICT (key) DO UPDATE SET times = CASE WHEN c.ends_at < %(now)s THEN 1 ELSE c.times + 1 END,
                                ends_at = CASE WHEN c.ends_at < %(now)s THEN %(ends)s ELSE c.ends_at END
RETURNING times
"""


def record_often(action: str, target: Model | str, whose: str, **detail) -> None:
    """What anybody can make happen: the first in an hour for each `whose`, the tenth, the hundredth and so on, with `times`."""
    now, key = clock.now(), hashlib.sha256(f"{action}\0{whose}".encode()).hexdigest()
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, {"key": key, "now": now, "ends": now + WINDOW})
        [times] = cursor.fetchone()
    if str(times).rstrip("0") == "1":
        record(None, action, target, times=times, **detail)
