"""WebVTT (W3C): a cue a segment, its label as the text; read also from the voice, `<v Name>`."""

from labelling.formats.format import Beside, Format
from labelling.formats.webvtt.read import is_one, read
from labelling.formats.webvtt.write import write
from labelling.task_types.drawing import Range

FORMAT = Format(
    "webvtt",
    "WebVTT: a zip with subtitles beside each sound or clip",
    "zip",
    "application/zip",
    write,
    frozenset({Range}),
    beside=Beside(is_one, read, endings=frozenset({"vtt"})),
)
