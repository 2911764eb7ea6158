"""COCO captions: what is written of pictures, as pycocotools reads it: images, and annotations with a caption."""

from labelling.formats.coco_captions.write import write
from labelling.formats.format import Format
from labelling.task_types.drawing import Words

FORMAT = Format(
    "coco-captions",
    "COCO captions: one JSON with a text for each picture",
    "json",
    "application/json",
    write,
    frozenset({Words}),
    media=frozenset({"image"}),
)
