"""PNG masks as Pascal VOC has them: a PNG a picture under SegmentationClass, in which a pixel's number is its class, and labelmap.txt,
which says in which colour each class is shown (`name:red,green,blue::`), as CVAT and Datumaro write and read it. Class 0 is the
background."""

from labelling.formats.format import Beside, Format
from labelling.formats.png_masks.read import classes, is_list, is_one, read, stem_of
from labelling.formats.png_masks.write import write
from labelling.task_types.drawing import Mask

FORMAT = Format(
    "png-masks",
    "PNG masks: a zip with a PNG of classes for each picture",
    "zip",
    "application/zip",
    write,
    frozenset({Mask}),
    beside=Beside(is_one, read, is_list, classes, endings=frozenset({"png", "txt"}), stem_of=stem_of),
    media=frozenset({"image"}),
    leaves_out={
        "en": "Has one class a pixel: it does not tell apart things of one label. Confidence and single answers are left out.",
        "zu": "Inesigaba esisodwa iphikseli ngayinye: ayihlukanisi izinto zelebula elilodwa. Ishiya ukuqiniseka nezimpendulo ngazinye.",
    },
)
