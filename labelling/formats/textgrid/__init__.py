"""Praat's TextGrid, long or short, UTF-8 or UTF-16. A tier for each label, whose intervals leave no gap; what lies over itself goes on in
further tiers."""

from labelling.formats.format import Beside, Format
from labelling.formats.textgrid.read import is_one, read
from labelling.formats.textgrid.write import write
from labelling.task_types.drawing import Range

FORMAT = Format(
    "textgrid",
    "Praat TextGrid: a zip with one beside each sound, a tier a label",
    "zip",
    "application/zip",
    write,
    frozenset({Range}),
    beside=Beside(is_one, read, endings=frozenset({"textgrid"})),
)
