"""Lines of text in pages, as Transkribus and eScriptorium write them: in, and out again."""

import io
import zipfile
from xml.etree import ElementTree

import pytest

from labelling.formats.page_xml.read import read
from labelling.models import Gold, Item
from tests.formats.decided import built, crew, decide, downloaded, new_batch
from tests.formats.worlds import file, new_dataset, picture, remarks, upload_one, zipped

pytestmark = pytest.mark.django_db
PAGE = """<?xml version="1.0" encoding="UTF-8"?>
<PcGts xmlns="http://schema.primaresearch.org/PAGE/gts/pagecontent/2013-07-15">
<Metadata><Creator>Transkribus</Creator></Metadata>
<Page imageFilename="folder/page one.png" imageWidth="400" imageHeight="300">
<TextRegion id="r1" custom="readingOrder {index:0;}"><Coords points="10,10 390,10 390,150 10,150"/>
<TextLine id="l1" custom="readingOrder {index:0;} structure {offset:0; length:4; type:total;}">
<Coords points="20,20 300,20 300,50 20,50"/><Baseline points="20,45 300,45"/>
<TextEquiv index="1"><Unicode>second guess</Unicode></TextEquiv><TextEquiv index="0"><Unicode>Total  12.00</Unicode></TextEquiv></TextLine>
<TextLine id="l2"><Coords points="20,60 150,58 300,62 300,92 150,88 20,90"/><TextEquiv><Unicode></Unicode></TextEquiv></TextLine>
<TextLine id="l3"/>
</TextRegion></Page></PcGts>"""
LABELS = [{"id": "t", "name": {"en": "Total"}}, {"id": "l", "name": {"en": "Line"}}]


def test_lines_come_in_with_what_they_say():
    dataset = new_dataset("image", "regions", labels=LABELS, language="en")
    files = {"page one.png": picture(size=(400, 300)), "page one.xml": PAGE.encode()}
    made = upload_one(dataset, file("pages.zip", zipped(files)))
    [gold] = Gold.objects.all()
    first, second = gold.truth["regions"]
    assert first == {"label": "t", "points": [[20, 20], [300, 20], [300, 50], [20, 50]], "text": "Total 12.00"}
    assert (second["label"], second["text"]) == ("l", ""), "what has many corners is a quad around them"
    assert [text for _n, _field, text in remarks(made)] == ["Mark l3 was left out: it has no outline."]


def test_what_is_decided_leaves_and_comes_in_again():
    dataset, workers = new_dataset("image", "regions", labels=LABELS, language="en"), crew(3)
    upload_one(dataset, file("page.png", picture(size=(400, 300))))
    regions = [
        {"label": "l", "points": [[20, 20], [300, 26], [300, 56], [20, 50]], "text": "Rice & <tea> é"},
        {"label": "t", "points": [[20, 90], [300, 90], [300, 120], [20, 120]], "text": ""},
    ]
    [item] = Item.objects.all()
    decide(item, new_batch(dataset), {"regions": regions}, workers)
    archive = zipfile.ZipFile(io.BytesIO(downloaded(built(dataset), "page-xml")))
    [name] = archive.namelist()
    root = ElementTree.fromstring(archive.read(name))
    tags = [one.tag.rpartition("}")[2] for one in root.iter()]
    assert tags.count("TextLine") == tags.count("Baseline") == 2
    assert tags.count("TextEquiv") == 1, "a line that nobody can read has no text"
    named, marks = read(archive.read(name), [])
    assert (named, marks.width_px, marks.height_px) == ("page.png", 400, 300)
    assert [one.outline.text for one in marks.marks] == ["Rice & <tea> é", ""]
    assert [list(map(list, one.outline.rings[0])) for one in marks.marks] == [one["points"] for one in regions]
    assert [one.labels[0] for one in marks.marks] == ["Line", "Total"]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"<PcGts><Page", "it is no XML."),
        (b"<PcGts/>", "it holds no page."),
        (b'<!DOCTYPE x [<!ENTITY a "aaaa">]><PcGts><Page>&a;</Page></PcGts>', "it declares a document type"),
        ("<PcGts/>".encode("utf-16")[:-1], "it is no XML."),
    ],
)
def test_what_is_none_is_refused(content, why):
    with pytest.raises(ValueError, match=why):
        read(content, [])
