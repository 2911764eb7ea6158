"""CoNLL-2003 as `conll`, its tags BILOU: `U-` for a mark of one word, `L-` for its last one."""

from labelling.formats.conll.read import is_table, read
from labelling.formats.conll.write import writer
from labelling.formats.format import Format
from labelling.task_types.drawing import Span

FORMAT = Format(
    "conll-bilou",
    "CoNLL BILOU: a word a line, one label a word",
    "conll",
    "text/plain; charset=utf-8",
    writer("BILOU"),
    frozenset({Span}),
    endings=frozenset({"conll", "iob", "iob2", "bio", "txt"}),
    is_table=is_table,
    read=read,
)
