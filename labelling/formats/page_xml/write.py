"""PAGE XML out: a text region a line, in reading order, of the kind that its label is (`custom`, as Transkribus writes it). A line that
nobody could read has no text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from labelling.formats.frozen import Frozen
from labelling.formats.pictures import pictures
from labelling.formats.zips import Stems, zipped
from labelling.task_types.drawing import Written
from labelling.task_types.label_names import names_in

SPACE = "http://schema.primaresearch.org/PAGE/gts/pagecontent/2019-07-15"


def write(frozen: Frozen) -> Iterator[bytes]:
    return zipped(_files(frozen))


def _files(frozen: Frozen) -> Iterator[tuple[str, bytes]]:
    stems = Stems()
    for number, name, row in pictures(frozen):
        whole = Element("PcGts", xmlns=SPACE)
        about = SubElement(whole, "Metadata")
        for tag, said in (("Creator", "Ilima"), ("Created", frozen.created_at), ("LastChange", frozen.created_at)):
            SubElement(about, tag).text = said
        _page(whole, PurePosixPath(name.replace("\\", "/")).name, row, frozen.shapes(row))
        indent(whole)
        yield f"{stems.of(name, number)}.xml", tostring(whole, encoding="UTF-8", xml_declaration=True)


def _page(whole: Element, name: str, row: dict, lines: list[Written]) -> None:
    media, names = row["media"], names_in(row["decision"])
    said = {"imageFilename": name, "imageWidth": str(media["width_px"]), "imageHeight": str(media["height_px"])}
    page = SubElement(whole, "Page", said)
    if lines:
        order = SubElement(SubElement(page, "ReadingOrder"), "OrderedGroup", id="order")
        for n in range(len(lines)):
            SubElement(order, "RegionRefIndexed", index=str(n), regionRef=f"r{n + 1}")
    for n, line in enumerate(lines, 1):
        kind = names[line.label].replace(";", ",").replace("}", ")")
        region = SubElement(page, "TextRegion", id=f"r{n}", custom=f"structure {{type:{kind};}}")
        SubElement(region, "Coords", points=_points(line.ring))
        inner = SubElement(region, "TextLine", id=f"r{n}l1")
        SubElement(inner, "Coords", points=_points(line.ring))
        SubElement(inner, "Baseline", points=_points([line.ring[3], line.ring[2]]))
        if line.text:
            SubElement(SubElement(inner, "TextEquiv"), "Unicode").text = line.text


def _points(points) -> str:
    return " ".join(f"{round(x)},{round(y)}" for x, y in points)
