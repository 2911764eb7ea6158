"""COCO captions: what is written of pictures, as pycocotools reads it: images, and annotations with a caption. In, beside their pictures
they are suggestions, for many other captions are as right; of a file by itself she is asked what they become. Its keys are COCO's, so it is
known by a caption among its first characters or by a name that has the word, as captions_val2017.json has."""

from labelling.formats.coco_captions.read import is_one, is_table, of_many, read, rows
from labelling.formats.coco_captions.write import write
from labelling.formats.format import Beside, Format
from labelling.task_types.drawing import Words

FORMAT = Format(
    "coco-captions",
    "COCO captions: one JSON with a text for each picture",
    "json",
    "application/json",
    write,
    frozenset({Words}),
    endings=frozenset({"json"}),
    is_table=is_table,
    read=rows,
    beside=Beside(is_one, read, endings=frozenset({"json"}), of_many=of_many),
    media=frozenset({"image"}),
    leaves_out={
        "en": "Leaves out confidence and single answers: one caption stands for each picture.",
        "zu": "Ishiya ukuqiniseka nezimpendulo ngazinye: umusho owodwa umele isithombe ngasinye.",
    },
)
