"""Pascal VOC: a zip with an XML beside each picture, its boxes as xmin, ymin, xmax, ymax.

The numbers are edges in pixels from 0, as labelImg, CVAT and Datumaro write and read them. (The challenge's own files count from 1 and
include the last pixel; nothing in a file tells the two apart, and no box is out by more than one pixel.)
"""

from labelling.formats.format import Beside, Format
from labelling.formats.voc.read import is_list, is_one, read
from labelling.formats.voc.write import write
from labelling.task_types.drawing import Rectangle

FORMAT = Format(
    "voc",
    "Pascal VOC: a zip with an XML beside each picture",
    "zip",
    "application/zip",
    write,
    frozenset({Rectangle}),
    beside=Beside(is_one, read, is_list, endings=frozenset({"xml", "txt"})),
)
