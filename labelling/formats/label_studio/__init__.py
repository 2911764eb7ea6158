"""Label Studio's JSON: a list of tasks, each with its data and the results of whoever annotated it. Places are per cent of the picture,
seconds, code points.

Masks are written in its packing of four channels (brush.py). It knows no figures of named points: they are written as points under a
rectangle, as its regions may lie under another."""

from labelling.formats.format import Format
from labelling.formats.label_studio.read import is_table, read
from labelling.formats.label_studio.write import write
from labelling.task_types.drawing import (
    Grade,
    Mask,
    Order,
    Polygon,
    Range,
    Rectangle,
    Row,
    Skeleton,
    Span,
    Tag,
    Track,
    Words,
    Written,
)

FORMAT = Format(
    "label-studio",
    "Label Studio JSON: tasks with their annotations",
    "json",
    "application/json",
    write,
    frozenset({Grade, Mask, Order, Polygon, Range, Rectangle, Row, Skeleton, Span, Tag, Track, Words, Written}),
    endings=frozenset({"json"}),
    is_table=is_table,
    read=read,
    leaves_out={
        "en": "Leaves out items that are not decided, confidence and single answers; segments and tracks of clips are by frames.",
        "zu": "Ishiya izinto ezingakanqunywa, ukuqiniseka nezimpendulo ngazinye; izingxenye nemizila yamavidiyo kubalwa ngamafreyimu.",
    },
)
