"""LabelMe JSON (wkentaro/labelme): a zip with one file a picture, its shapes as polygons or rectangles in pixels."""

from labelling.formats.format import Beside, Format
from labelling.formats.labelme.read import is_one, read
from labelling.formats.labelme.write import write
from labelling.task_types.drawing import Polygon, Rectangle, Written

FORMAT = Format(
    "labelme",
    "LabelMe: a zip with a JSON beside each picture",
    "zip",
    "application/zip",
    write,
    frozenset({Polygon, Rectangle, Written}),
    beside=Beside(is_one, read),
)
