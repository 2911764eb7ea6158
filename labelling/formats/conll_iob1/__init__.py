"""CoNLL-2003 as `conll`, its tags IOB1: `I-` but where one of the same label begins right behind another."""

from labelling.formats.conll.read import is_table, read
from labelling.formats.conll.write import writer
from labelling.formats.format import Format
from labelling.task_types.drawing import Span

FORMAT = Format(
    "conll-iob1",
    "CoNLL IOB1: a word a line, one label a word",
    "conll",
    "text/plain; charset=utf-8",
    writer("IOB1"),
    frozenset({Span}),
    endings=frozenset({"conll", "iob", "iob2", "bio", "txt"}),
    is_table=is_table,
    read=read,
)
