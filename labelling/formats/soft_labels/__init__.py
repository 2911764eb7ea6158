"""Soft labels: a line an item with each label's share of the people who were counted, for training against what a crowd is not one about
(Peterson et al. 2019, doi:10.1109/ICCV.2019.00971). Where several labels may be chosen, the share of people who chose it. In, also a table
with a column for each label, as CIFAR-10H is passed on; whoever sends it is asked what its labels become."""

from labelling.formats.format import Format
from labelling.formats.soft_labels.read import ENDINGS, is_table, read
from labelling.formats.soft_labels.write import write
from labelling.task_types.drawing import Tag

FORMAT = Format(
    "soft-labels",
    "Soft labels: JSON Lines with each label's share of the answers",
    "jsonl",
    "application/x-ndjson",
    write,
    frozenset({Tag}),
    endings=ENDINGS,
    is_table=is_table,
    read=read,
)
