"""YOLO (Ultralytics): a zip with labels/<picture>.txt and data.yaml; places are shares of width and height. Boxes are written for detection
(`class cx cy w h`), outlines for segmentation (`class x1 y1 x2 y2 ...`), figures for pose (`class cx cy w h`, then `x y v` a
point: 0 it is not there, 1 hidden, 2 seen; the box is the one around the points)."""

from labelling.formats.format import Beside, Format
from labelling.formats.yolo.read import classes, is_list, is_one, read
from labelling.formats.yolo.write import write
from labelling.task_types.drawing import Polygon, Rectangle, Skeleton

FORMAT = Format(
    "yolo",
    "YOLO: a zip with a text beside each picture",
    "zip",
    "application/zip",
    write,
    frozenset({Polygon, Rectangle, Skeleton}),
    beside=Beside(is_one, read, is_list, classes),
)
