"""CVAT for video 1.1: a zip with an XML beside each clip: its objects as tracks of key frames, frames from 0. Between them CVAT goes in a
straight line, as we do; after the last one the object is outside."""

from labelling.formats.cvat_video.read import is_one, read
from labelling.formats.cvat_video.write import write
from labelling.formats.format import Beside, Format
from labelling.task_types.drawing import Track

FORMAT = Format(
    "cvat-video",
    "CVAT for video 1.1: a zip with an XML beside each clip",
    "zip",
    "application/zip",
    write,
    frozenset({Track}),
    beside=Beside(is_one, read, endings=frozenset({"xml"})),
)
