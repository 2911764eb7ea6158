"""COCO instances and keypoints, as pycocotools reads them: floats, origin top left, ids from 1, `bbox` = [x, y, width, height].
(cocodataset/cocoapi, PythonAPI/pycocotools/coco.py)"""

from labelling.formats.coco.read import is_table, read
from labelling.formats.coco.write import write
from labelling.formats.format import Format
from labelling.task_types.drawing import Mask, Polygon, Rectangle, Skeleton

FORMAT = Format(
    "coco",
    "COCO: instances, keypoints, masks",
    "json",
    "application/json",
    write,
    frozenset({Rectangle, Polygon, Skeleton, Mask}),
    endings=frozenset({"json"}),
    is_table=is_table,
    read=read,
)
