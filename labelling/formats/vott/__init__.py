"""VoTT 2 (microsoft/VoTT, `vott-json-export`): one JSON for all pictures, their regions in pixels; in, also its file of one asset. A region
with several tags is a mark of each. Datumaro lays a `dataset_meta.json` beside it, which says no more than the export's own tags."""

from labelling.formats.format import Beside, Format
from labelling.formats.vott.read import is_list, is_one, of_many, read
from labelling.formats.vott.write import write
from labelling.task_types.drawing import Polygon, Rectangle

FORMAT = Format(
    "vott",
    "VoTT: one JSON with the regions of all pictures",
    "json",
    "application/json",
    write,
    frozenset({Polygon, Rectangle}),
    beside=Beside(is_one, read, is_list, endings=frozenset({"json"}), of_many=of_many),
    media=frozenset({"image"}),
    leaves_out={
        "en": "Leaves out confidence and single answers: it holds the regions and their tags alone.",
        "zu": "Ishiya ukuqiniseka nezimpendulo ngazinye: iphethe izindawo nezimpawu zazo kuphela.",
    },
)
