"""TRL's stepwise supervision: {"prompt", "completions", "labels"}, a list of steps a line and whether each is right.

Read in huggingface/trl, docs/source/dataset_formats.md: the steps are texts, the labels booleans, as many as there are steps."""

from labelling.formats.format import Format
from labelling.formats.trl_stepwise.read import parts_of
from labelling.formats.trl_stepwise.write import write
from labelling.task_types.drawing import Step

FORMAT = Format(
    "trl-stepwise",
    "TRL stepwise supervision JSON Lines: prompt, completions, labels",
    "jsonl",
    "application/x-ndjson",
    write,
    frozenset({Step}),
    parts_of=parts_of,
)
