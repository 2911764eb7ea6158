"""ActivityNet: one JSON with the segments of every clip, in seconds, and its labels as a tree of one level (F. Caba Heilbron et al., CVPR
2015, doi:10.1109/CVPR.2015.7298698)."""

from labelling.formats.activity_net.read import alone, is_one, is_table, of_many, read
from labelling.formats.activity_net.write import write
from labelling.formats.format import Beside, Format
from labelling.task_types.drawing import Range

FORMAT = Format(
    "activity-net",
    "ActivityNet: one JSON with the segments of all clips",
    "json",
    "application/json",
    write,
    frozenset({Range}),
    endings=frozenset({"json"}),
    is_table=is_table,
    read=alone,
    beside=Beside(is_one, read, endings=frozenset({"json"}), of_many=of_many),
    media=frozenset({"video"}),
)
