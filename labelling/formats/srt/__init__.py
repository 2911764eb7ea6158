"""SubRip: a number, `hh:mm:ss,mmm --> hh:mm:ss,mmm`, the label as the text, a blank line."""

from labelling.formats.format import Beside, Format
from labelling.formats.srt.read import is_one, read
from labelling.formats.srt.write import write
from labelling.task_types.drawing import Range

FORMAT = Format(
    "srt",
    "SRT: a zip with subtitles beside each sound or clip",
    "zip",
    "application/zip",
    write,
    frozenset({Range}),
    beside=Beside(is_one, read, endings=frozenset({"srt"})),
)
