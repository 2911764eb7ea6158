"""TRL's preference rows: {"prompt", "chosen", "rejected"}, as texts or as messages (`standard` and `conversational`), a pair a line."""

from labelling.formats.format import Format
from labelling.formats.trl_preference.read import parts_of
from labelling.formats.trl_preference.write import write
from labelling.task_types.drawing import Order

FORMAT = Format(
    "trl-preference",
    "TRL preference JSON Lines: prompt, chosen, rejected",
    "jsonl",
    "application/x-ndjson",
    write,
    frozenset({Order}),
    parts_of=parts_of,
)
