"""MOT challenge: a zip with a folder for each clip, its gt/gt.txt (`frame,id,left,top,width,height,1,class,1`, frames and ids from 1), its
gt/labels.txt and its seqinfo.ini. Visibility is not asked, so it is always 1."""

from labelling.formats.format import Format
from labelling.formats.mot.write import write
from labelling.task_types.drawing import Track

FORMAT = Format("mot", "MOT: a box for each object in each frame", "zip", "application/zip", write, frozenset({Track}))
