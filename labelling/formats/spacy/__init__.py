"""spaCy's DocBin, as `spacy train` reads a folder of them: texts cut into words, marks as entities and, all of them, as the span group
`sc`, which may lie over one another; labels of a whole text as `cats`. (explosion/spaCy, spacy/tokens/_serialize.py.) Entities cannot lie
over one another: of those that do the longer is one. Words are cut where a mark begins or ends. In, it is opened apart
(intake.decoders.docbin)."""

from labelling.formats.format import Format
from labelling.formats.spacy.write import write
from labelling.task_types.drawing import Span, Tag

FORMAT = Format(
    "spacy",
    "spaCy DocBin: a zip of .spacy files for training",
    "zip",
    "application/zip",
    write,
    frozenset({Span, Tag}),
    media=frozenset({"text"}),
    magic=b"\x78\x9c",
    apart="docbin",
    leaves_out={
        "en": "Leaves out the items' ids and metadata, confidence and single answers.",
        "zu": "Ishiya omazisi nemininingwane yezinto, ukuqiniseka nezimpendulo ngazinye.",
    },
)
