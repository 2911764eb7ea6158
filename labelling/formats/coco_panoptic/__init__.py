"""COCO panoptic: a PNG a picture in which each pixel's colour is the number of its segment, R + 256 G + 256^2 B, and one JSON that says
what each segment is (A. Kirillov et al., CVPR 2019, doi:10.1109/CVPR.2019.00963; cocodataset/panopticapi). An answer's masks are areas of
a label each: every one is a segment, and none is a thing that is counted (`isthing` 0). In, the PNGs lie in a folder whose name begins with
panoptic, as the JSON does."""

from labelling.formats.coco_panoptic.read import classes, is_list, is_one, of_name, read, stem_of
from labelling.formats.coco_panoptic.write import write
from labelling.formats.format import Beside, Format
from labelling.task_types.drawing import Mask

FORMAT = Format(
    "coco-panoptic",
    "COCO panoptic: a zip with a PNG of segments for each picture",
    "zip",
    "application/zip",
    write,
    frozenset({Mask}),
    beside=Beside(is_one, read, is_list, classes, endings=frozenset({"png", "json"}), stem_of=stem_of, of_name=of_name),
    leaves_out={
        "en": "Has one segment a label in each picture: it does not tell apart things of one label.",
        "zu": "Inengxenye eyodwa yelebula ngayinye esithombeni: ayihlukanisi izinto zelebula elilodwa.",
    },
)
