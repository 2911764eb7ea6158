"""PAGE XML 2019-07-15 (PRImA; Transkribus, eScriptorium, OCR-D): a zip with one file a picture, a region a line with what it says."""

from labelling.formats.format import Beside, Format
from labelling.formats.page_xml.read import is_one, read
from labelling.formats.page_xml.write import write
from labelling.task_types.drawing import Written

FORMAT = Format(
    "page-xml",
    "PAGE XML: a zip with an XML beside each picture",
    "zip",
    "application/zip",
    write,
    frozenset({Written}),
    beside=Beside(is_one, read, endings=frozenset({"xml"})),
)
