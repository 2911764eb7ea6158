"""TRL's unpaired preference rows: {"prompt", "completion", "label": true or false}, for KTO (K. Ethayarajh et al. 2024, arXiv:2402.01306).

Of answers that were compared, the best ones are true and the others false, as TRL itself takes pairs apart. Of answers that were judged
alone, those whose label is called True or False are written."""

from labelling.formats.format import Format
from labelling.formats.trl_unpaired.read import parts_of
from labelling.formats.trl_unpaired.write import write
from labelling.task_types.drawing import Order, Tag

FORMAT = Format(
    "trl-unpaired",
    "TRL unpaired preference JSON Lines: answers, each good or not",
    "jsonl",
    "application/x-ndjson",
    write,
    frozenset({Order, Tag}),
    parts_of=parts_of,
    media=frozenset({"parts"}),
    leaves_out={
        "en": "Leaves out answers that were found alike, labels that are not called True or False, metadata and confidence.",
        "zu": "Ishiya izimpendulo okutholakale ukuthi ziyafana, amalebula angabizwa ngokuthi True noma False, imininingwane nokuqiniseka.",
    },
)
