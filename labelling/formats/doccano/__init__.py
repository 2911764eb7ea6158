"""doccano's JSON Lines: for sequence labelling {"id", "text", "label": [[start, end, name]]}, code points, end not in it; for
classification {"id", "text", "label": [name]}."""

from labelling.formats.doccano.read import of_row
from labelling.formats.doccano.write import write
from labelling.formats.format import Format
from labelling.task_types.drawing import Span, Tag

FORMAT = Format(
    "doccano",
    "doccano JSON Lines: text and its labels",
    "jsonl",
    "application/x-ndjson",
    write,
    frozenset({Span, Tag}),
    of_row=of_row,
    media=frozenset({"text"}),
)
