"""MOT challenge: a zip with a folder for each clip, its gt/gt.txt (`frame,id,left,top,width,height,1,class,1`, frames and ids from 1), its
gt/labels.txt and its seqinfo.ini. Visibility is not asked, so it is always 1. In: the clip lies beside the folder, under its name."""

from labelling.formats.format import Beside, Format
from labelling.formats.mot.read import classes, is_list, is_one, read, stem_of
from labelling.formats.mot.write import write
from labelling.task_types.drawing import Track

FORMAT = Format(
    "mot",
    "MOT: a box for each object in each frame",
    "zip",
    "application/zip",
    write,
    frozenset({Track}),
    beside=Beside(is_one, read, is_list, classes, frozenset({"txt"}), stem_of=stem_of),
)
