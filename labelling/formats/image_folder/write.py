from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import PurePosixPath

from labelling.formats.frozen import Frozen
from labelling.formats.pictures import pictures
from labelling.task_types.label_names import names_in, names_of


def label_of(name: str) -> str:
    """The folder in which a file lies."""
    return PurePosixPath(name).parent.name


def write(frozen: Frozen) -> Iterator[bytes]:
    """A file that nobody has decided has no label: it is left out."""
    for _, name, row in pictures(frozen):
        names = names_of({**frozen.config, "labels": frozen.labels}) | names_in(row["decision"])
        labels = [names.get(one, one) for one in frozen.tags(row, row["decision"])]
        one = frozen.drawing(row).labels is None and len(labels) == 1
        said = {"file_name": name, **({"label": labels[0]} if one else {"labels": labels})}
        yield json.dumps(said, ensure_ascii=False).encode() + b"\n"
