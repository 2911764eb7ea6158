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
    about = {"file": row["media"]["file_name"]} if row.get("media") else {"text": row["text"]}
    ids = {"item": row["item"], "external_id": row["external_id"]}
    return {
        **ids,
        **about,
        "shares": shares,
        "answers": len(said),
        "labels": decided and [names.get(one, one) for one in decided],
    }
