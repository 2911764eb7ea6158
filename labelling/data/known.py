"""Rows whose content is an item already: nothing of them is lost, and nothing changes unsaid.

A row with the item's own id, or with none, is that row sent again: what it says now holds. A row with another id is a further
row of the same content: its id, path and metadata are kept beside the item's. (docs/decisions/rows-and-items.md)
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from kernel.sql import fetch, json_text
from labelling.batches.take_off_offer import take_off_offer
from labelling.data.add_items import kept_row
from labelling.data.checked import NewItem
from labelling.formats.rows import Remark
from labelling.models import Dataset, Gold, Item, ItemRow
from labelling.task_types.label_names import names_of, with_names
from people.audit import entry, record_many
from people.models import AuditEntry

# Told by the database, so that a table sent again loads no item.
_SAYS_MORE = """
SELECT DISTINCT r.hash
  FROM jsonb_to_recordset(%s::jsonb) AS r(hash text, id text, metadata jsonb, gold jsonb)
  JOIN labelling_item item ON item.project_id = %s AND item.content_hash = r.hash
  LEFT JOIN labelling_gold g ON g.item_id = item.id
 WHERE NOT (r.gold IS NULL OR g.truth IS NOT DISTINCT FROM r.gold)
    OR NOT CASE WHEN r.id IN ('', item.external_id) THEN item.metadata || r.metadata = item.metadata
                ELSE item.external_id <> '' AND EXISTS (
                    SELECT FROM labelling_itemrow one WHERE one.item_id = item.id AND one.external_id = r.id
                       AND one.metadata || r.metadata = one.metadata) END
"""
SHOWN = 5  # changed values in one sentence
VALUE_SIGNS = 80


@dataclass
class _Changes:
    items: dict[int, Item] = field(default_factory=dict)
    rows: dict[int, ItemRow] = field(default_factory=dict)
    new_rows: list[ItemRow] = field(default_factory=list)
    golds: dict[int, Gold] = field(default_factory=dict)
    new_golds: list[Gold] = field(default_factory=list)
    audit: list[AuditEntry] = field(default_factory=list)


def join_known(dataset: Dataset, known: Sequence[NewItem], actor=None) -> list[Remark]:
    """Join rows to the items that they are; what was joined or changed, a sentence each. In the caller's transaction."""
    hashes = _that_say_more(dataset, known)
    known = [one for one in known if one.content_hash in hashes]
    found = Item.objects.filter(project_id=dataset.project_id, content_hash__in=hashes)
    items = {item.content_hash: item for item in found.select_related("gold")}
    rows = _rows_of(items.values())
    changes, remarks, names = _Changes(), [], names_of(dataset.project.config)
    for one in known:
        item = items[one.content_hash]
        notes = [*_joined(item, one, rows[item.pk], changes), *_gold(item, one, changes, actor, names)]
        remarks += [Remark(one.row.number, one.row.place, about, text) for about, text in notes]
    _write(changes)
    return remarks


def _that_say_more(dataset: Dataset, known: Sequence[NewItem]) -> set[str]:
    """The contents of which any row says what is not in the database yet."""
    rows = [{"hash": i.content_hash, "id": i.external_id, "metadata": i.metadata, "gold": i.gold} for i in known]
    return {content_hash for (content_hash,) in fetch(_SAYS_MORE, [json_text(rows), dataset.project_id])}


def _joined(item: Item, one: NewItem, rows: dict[str, ItemRow], changes: _Changes) -> list[tuple[str, str]]:
    """Its id, path and metadata: in the item, or in a row of its own beside it."""
    if one.external_id in ("", item.external_id) or not item.external_id:
        new = _new(item.metadata, one.metadata)
        changed = _differences(item.metadata, new)
        if changed or (one.external_id and not item.external_id):
            item.metadata, item.external_id = item.metadata | new, item.external_id or one.external_id
            changes.items[item.pk] = item
        return [("metadata", f"This row was there already; it was changed: {changed}")] if changed else []
    row = rows.get(one.external_id)
    if row is None:
        row = rows[one.external_id] = kept_row(item, one.external_id, one.file_name, one.metadata)
        changes.new_rows.append(row)
        name = item.external_id[:VALUE_SIGNS]
        return [("id", f"The content is the same as that of {name}: it is one item, and this id is kept beside it.")]
    new = _new(row.metadata, one.metadata)
    changed = _differences(row.metadata, new)
    if changed:
        row.metadata |= new
        if row.pk:
            changes.rows[row.pk] = row
    return [("metadata", f"This row was there already; it was changed: {changed}")] if changed else []


def _rows_of(items: Collection[Item]) -> dict[int, dict[str, ItemRow]]:
    """Of each item, its further rows by their ids. (A prefetch would make a query set for each item: most of the time of all this.)"""
    found: dict[int, dict[str, ItemRow]] = {item.pk: {} for item in items}
    for row in ItemRow.objects.filter(item__in=found):
        found[row.item_id][row.external_id] = row
    return found


def _new(before: dict, now: dict) -> dict:
    """What is new in it. A cell of a table says the same as the number, the list or the truth value that it was written from."""
    return {name: value for name, value in now.items() if name not in before or not _same(before[name], value)}


def _same(before, now) -> bool:
    if isinstance(now, str) and not isinstance(before, str):
        return json.dumps(before, ensure_ascii=False) == now
    return before == now


def _differences(before: dict, now: dict) -> str:
    """`page is now 4, was 3; ...`, or "" where nothing is new."""
    names = list(now)
    parts = [f"{name[:40]} is now {_short(now[name])}, was {_short(before.get(name, ''))}" for name in names[:SHOWN]]
    more = [f"and {len(names) - SHOWN} more"] if len(names) > SHOWN else []
    return "; ".join([*parts, *more]) + "." if names else ""


def _in_words(truth: dict, names: dict[str, str]):
    """The one thing that the answer is, or all of it; labels as their requester calls them."""
    said = with_names(truth, names)
    return next((said[key] for key in ("label", "labels", "text") if key in said), said)


def _short(value) -> str:
    shown = str(value)
    return shown if 0 < len(shown) <= VALUE_SIGNS else f"{shown[:VALUE_SIGNS]}…" if shown else "empty"


def _gold(item: Item, one: NewItem, changes: _Changes, actor, names: dict[str, str]) -> list[tuple[str, str]]:
    """A known answer is added; another one replaces it only if it comes from the item's own row."""
    if one.gold is None:
        return []
    gold = getattr(item, "gold", None)
    if gold is None:
        item.gold = Gold(item=item, project_id=item.project_id, truth=one.gold, explanation=one.explanation)
        changes.new_golds.append(item.gold)
        return []
    if gold.truth == one.gold:
        return []
    was, says = (_short(_in_words(truth, names)) for truth in (gold.truth, one.gold))
    if one.external_id not in ("", item.external_id):
        name = item.external_id[:VALUE_SIGNS]
        return [
            ("gold", f"The known answer of {name}, which has the same content, is {was} and stays: here it is {says}.")
        ]
    gold.truth, gold.explanation, gold.retired_at = one.gold, one.explanation or gold.explanation, None
    if gold.pk:
        changes.golds[gold.pk] = gold
    changes.audit.append(entry(actor, "gold.set", item, was=was, now=says))
    return [("gold", f"The known answer is now {says}; it was {was}.")]


def _write(changes: _Changes) -> None:
    Item.objects.bulk_update(changes.items.values(), ["external_id", "metadata"], batch_size=1_000)
    ItemRow.objects.bulk_update(changes.rows.values(), ["metadata"], batch_size=1_000)
    ItemRow.objects.bulk_create(changes.new_rows, batch_size=2_000)
    Gold.objects.bulk_update(changes.golds.values(), ["truth", "explanation", "retired_at"], batch_size=1_000)
    Gold.objects.bulk_create(changes.new_golds, batch_size=2_000)
    record_many(changes.audit)
    take_off_offer([gold.item_id for gold in (*changes.golds.values(), *changes.new_golds)])
