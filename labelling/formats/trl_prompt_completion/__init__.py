"""TRL's prompt-completion rows: {"prompt", "completion"}, as texts or as messages, for training on what was written (SFTTrainer)."""

from labelling.formats.format import Format
from labelling.formats.trl_prompt_completion.read import parts_of
from labelling.formats.trl_prompt_completion.write import write
from labelling.task_types.drawing import Words

FORMAT = Format(
    "trl-prompt-completion",
    "TRL prompt-completion JSON Lines: what was asked and what was written",
    "jsonl",
    "application/x-ndjson",
    write,
    frozenset({Words}),
    parts_of=parts_of,
    media=frozenset({"text", "parts"}),
    leaves_out={
        "en": "Leaves out pictures and sounds of an item, its metadata, confidence and single answers.",
        "zu": "Ishiya izithombe nemisindo yento, imininingwane yayo, ukuqiniseka nezimpendulo ngazinye.",
    },
)
