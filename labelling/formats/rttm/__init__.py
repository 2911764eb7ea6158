"""RTTM (NIST): `SPEAKER file 1 onset duration <NA> <NA> name <NA> <NA>` in seconds. One file for all sounds; blanks in names become _."""

from labelling.formats.format import Beside, Format
from labelling.formats.rttm.read import is_one, of_many, read
from labelling.formats.rttm.write import write
from labelling.task_types.drawing import Range

FORMAT = Format(
    "rttm",
    "RTTM: who speaks when, a line a segment",
    "rttm",
    "text/plain; charset=utf-8",
    write,
    frozenset({Range}),
    beside=Beside(is_one, read, endings=frozenset({"rttm"}), of_many=of_many),
)
