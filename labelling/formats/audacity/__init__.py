"""Audacity's label tracks: `start<TAB>end<TAB>text` in seconds, a file beside each sound. Lines of spectral selections are passed over."""

from labelling.formats.audacity.read import is_one, read
from labelling.formats.audacity.write import write
from labelling.formats.format import Beside, Format
from labelling.task_types.drawing import Range

FORMAT = Format(
    "audacity",
    "Audacity: a zip with a label track beside each sound",
    "zip",
    "application/zip",
    write,
    frozenset({Range}),
    beside=Beside(is_one, read, endings=frozenset({"txt"})),
)
