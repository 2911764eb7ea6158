from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator

from labelling.formats.frozen import Frozen
from labelling.task_types.label_names import names_in, names_of


def write(frozen: Frozen) -> Iterator[bytes]:
    """An item that nobody has answered says nothing about people: it is left out. So is gold that was never asked."""
    for row in frozen.rows():
        said = [frozen.tags(row, one["value"]) for one in row["answers"] if one["counted"]]
        if said:
            yield json.dumps(_line(frozen, row, said), ensure_ascii=False).encode() + b"\n"


def _line(frozen: Frozen, row: dict, said: list[list[str]]) -> dict:
    votes = Counter(label for labels in said for label in labels)
    names = names_of({**frozen.config, "labels": frozen.labels}) | names_in([row["decision"], row["answers"]])
    asked = [label["id"] for label in frozen.labels] or list(votes)  # of a tree of thousands only what was said
    shares = {names.get(label, label): round(votes[label] / len(said), 6) for label in dict.fromkeys((*asked, *votes))}
    decided = frozen.tags(row, row["decision"]) if row["decision"] is not None else None
    return {
        "shares": shares,  # first: what such a file is, its first characters tell
        "answers": len(said),
        "labels": decided if decided is None else [names.get(one, one) for one in decided],
        "item": row["item"],
        "external_id": row["external_id"],
        **_content(row),
    }


def _content(row: dict) -> dict:
    if row.get("media"):
        return {"file": row["media"]["file_name"] or row["external_id"] or str(row["item"])}
    return {"parts": row["parts"]} if row.get("parts") else {"text": row["text"]}
