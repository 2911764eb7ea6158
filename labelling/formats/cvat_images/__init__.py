"""CVAT for images 1.1: one XML for all pictures, their boxes, polygons, points and skeletons in pixels."""

from labelling.formats.cvat_images.read import is_one, of_many, read
from labelling.formats.cvat_images.write import write
from labelling.formats.format import Beside, Format
from labelling.task_types.drawing import Polygon, Rectangle, Skeleton

FORMAT = Format(
    "cvat-images",
    "CVAT for images 1.1: one XML for all pictures",
    "xml",
    "application/xml",
    write,
    frozenset({Polygon, Rectangle, Skeleton}),
    beside=Beside(is_one, read, endings=frozenset({"xml"}), of_many=of_many),
)
