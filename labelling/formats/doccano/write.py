from __future__ import annotations

import json
from collections.abc import Iterator

from labelling.formats.frozen import Frozen
from labelling.task_types.drawing import Span
from labelling.task_types.label_names import names_in


def write(frozen: Frozen) -> Iterator[bytes]:
    """A text that nobody has decided is left out: without marks it would say that nothing is there."""
    for row in frozen.rows():
        if row["decision"] is not None:
            names = names_in(row["decision"])
            drawn = frozen.drawing(row)
            marks = (
                [names[one] for one in frozen.tags(row, row["decision"])]
                if drawn.shapes is None
                else [[span.start, span.end, names[span.label]] for span in drawn.shapes if isinstance(span, Span)]
            )
            line = {"id": row["item"], "text": row["text"], "label": marks, "external_id": row["external_id"]}
            yield json.dumps(line, ensure_ascii=False).encode() + b"\n"
