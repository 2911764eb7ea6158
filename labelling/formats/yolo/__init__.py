"""YOLO (Ultralytics): a zip with labels/<picture>.txt and data.yaml; places are shares of width and height. Boxes are written for detection
(`class cx cy w h`), outlines for segmentation (`class x1 y1 x2 y2 ...`)."""

from labelling.formats.format import Beside, Format
from labelling.formats.yolo.read import classes, is_list, is_one, read
from labelling.formats.yolo.write import write
from labelling.task_types.drawing import Polygon, Rectangle

FORMAT = Format(
    "yolo",
    "YOLO: a zip with a text beside each picture",
    "zip",
    "application/zip",
    write,
    frozenset({Polygon, Rectangle}),
    beside=Beside(is_one, read, is_list, classes),
)
