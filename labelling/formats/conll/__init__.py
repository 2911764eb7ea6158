"""CoNLL-2003 with IOB2 tags: `token -X- _ B-Person`, a blank line after each sentence, -DOCSTART- before each text.

A word has one tag: of marks that lie over one another the longer is written. Words are cut where a mark begins or ends.
"""

from labelling.formats.conll.read import is_table, read
from labelling.formats.conll.write import writer
from labelling.formats.format import Format
from labelling.task_types.drawing import Span

FORMAT = Format(
    "conll",
    "CoNLL IOB2: a word a line, one label a word",
    "conll",
    "text/plain; charset=utf-8",
    writer("IOB2"),
    frozenset({Span}),
    endings=frozenset({"conll", "iob", "iob2", "bio", "txt"}),
    is_table=is_table,
    read=read,
)
