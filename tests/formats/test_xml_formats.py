"""Pascal VOC and CVAT for images: files as other tools write them, and hostile ones."""

import pytest

from labelling.formats.cvat_images.read import is_one as is_cvat
from labelling.formats.cvat_images.read import of_many
from labelling.formats.outlines import Outline
from labelling.formats.voc.read import is_one as is_voc
from labelling.formats.voc.read import read as read_voc
from labelling.formats.xml import DEPTH, read_xml
from labelling.models import RefusedRow
from tests.formats.decided import built, downloaded
from tests.formats.test_figure_formats import FIRST, SECOND, figures_dataset, figures_world
from tests.formats.test_picture_formats import SIZE, TRUE, come_back, truths
from tests.formats.worlds import file, new_dataset, picture, remarks, upload_one, zipped

BOX = "<object><name>{}</name><bndbox><xmin>{}</xmin><ymin>{}</ymin><xmax>{}</xmax><ymax>{}</ymax></bndbox></object>"
VOC = "<annotation><filename>{}</filename><size><width>640</width><height>480</height></size>{}</annotation>"
CVAT = '<?xml version="1.0"?>\n<!-- of ours -->\n<annotations><version>1.1</version><meta><mode>annotation</mode></meta>{}</annotations>'
IMAGE = '<image id="{}" name="{}" subset="{}" width="640" height="480">{}</image>'


@pytest.mark.django_db
def test_a_voc_object_that_is_none_costs_itself():
    objects = BOX.format("Positive", 10, 20, 40, 60) + BOX.format("Tram", 1, 1, 5, 5)
    objects += BOX.format("Positive", "a", 1, 5, 5) + "<object/>"
    made = come_back({"x/a.jpg": picture(**SIZE), "Annotations/one.xml": VOC.format("a.jpg", objects).encode()})
    assert truths(made) == {"a.jpg": {"boxes": [TRUE[1]]}}
    said = " ".join(sentence for _, _, sentence in remarks(made))
    for words in ("no label Tram", "of object 3 was left out: it has no bndbox", "of object 4 was left out: it has no"):
        assert words in said


@pytest.mark.django_db
def test_pictures_of_one_name_are_told_apart_by_their_subsets():
    box = (
        '<box label="Positive" xtl="10" ytl="20" xbr="40" ybr="60" occluded="0"><attribute name="a">1</attribute></box>'
    )
    line = (
        '<polyline label="Positive" points="1,2;3,4"/><tag label="Negative"/><polygon label="" points="1,2;3,4;6,5"/>'
    )
    whole = CVAT.format(IMAGE.format(0, "a.jpg", "Train", box) + IMAGE.format(0, "a.jpg", "Test", line))
    files = {f"images/{one}/a.jpg": picture(colour, **SIZE) for one, colour in (("Train", "red"), ("Test", "blue"))}
    made = come_back({**files, "annotations.xml": whole.encode()})
    assert truths(made) == {"a.jpg": {"boxes": [TRUE[1]]}}
    said = " ".join(sentence for _, _, sentence in remarks(made))
    assert "1 (polyline) was left out: it is no box, polygon, point or skeleton." in said
    assert "2 (polygon) was left out: it names no label." in said


@pytest.mark.django_db
def test_figures_come_back_from_cvat():
    written = downloaded(built(figures_world()), "cvat-images")
    images = {f"{n}.jpg": picture("red" if n else "blue", **SIZE) for n in range(2)}
    made = upload_one(figures_dataset("Other"), file("a.zip", zipped({"all.xml": written, **images})))
    assert truths(made) == {"0.jpg": {"figures": [FIRST, SECOND]}, "1.jpg": {"figures": []}}


def test_points_without_names_come_in_their_order():
    points = '<points label="cat" points="1.5,2;3,4" occluded="1"/>'
    found = of_many(CVAT.format(IMAGE.format(1, "d/a.b.png", "", points)).encode())
    assert found["d/a.b"].marks[0].outline == Outline(points=(("", 1.5, 2, 1), ("", 3, 4, 1)))


def test_the_two_are_told_apart_by_their_first_element():
    assert is_voc(VOC, "a.xml")
    assert is_cvat(CVAT, "a.xml")
    assert not is_voc(CVAT, "a.xml")
    assert not is_cvat(VOC, "a.xml")
    assert not is_cvat(CVAT.replace("annotation</mode>", "x</mode>").replace("<mode>", "<mode>interpolation"), "a.xml")
    assert not is_voc(VOC, "a.txt")


LAUGHS = b'<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><annotation>&b;</annotation>'


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (LAUGHS, "document type"),
        (b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><annotation/>', "document type"),
        (b"<annotation>" + b"<a>" * DEPTH + b"</a>" * DEPTH + b"</annotation>", "nested too deep"),
        (b"<annotation>" + b"<a>" * 1_000_000, "nested too deep"),
        (b"<annotation>", "no well-formed XML"),
        (b"\xff\xfe\x00", "no well-formed XML"),
        (b"", "no well-formed XML"),
        (b"<other/>", "no <annotation>"),
    ],
)
def test_hostile_xml_is_one_sentence(content, words):
    with pytest.raises(ValueError, match=words):
        read_voc(content, [])


def test_xml_in_another_alphabet_is_read():
    assert read_xml('<?xml version="1.0" encoding="utf-16"?><a>牛</a>'.encode("utf-16")).text == "牛"


@pytest.mark.django_db
def test_a_bad_xml_beside_a_picture_costs_its_truth_alone():
    made = upload_one(
        new_dataset("image", "boxes", name="Other"), file("a.zip", zipped({"a.jpg": picture(**SIZE), "a.xml": LAUGHS}))
    )
    assert made.rows_added == 1
    assert any("a.xml beside it was left out: it declares a document type" in said for *_, said in remarks(made))


@pytest.mark.django_db
def test_what_is_said_of_files_that_did_not_come_is_told():
    """Of one file for many, and of one for each: nothing that was sent goes without a word."""
    box = '<box label="Positive" xtl="10" ytl="20" xbr="40" ybr="60" occluded="0"/>'
    many = CVAT.format("".join(IMAGE.format(n, f"{name}.jpg", "", box) for n, name in enumerate("abc")))
    lone = VOC.format("gone.jpg", BOX.format("Positive", 1, 2, 3, 4))
    files = {"a.jpg": picture(**SIZE), "all.xml": many.encode(), "Annotations/gone.xml": lone.encode()}
    made = come_back(files)
    assert (made.rows_added, made.rows_refused, made.rows_total) == (1, 2, 3)
    assert truths(made) == {"a.jpg": {"boxes": [TRUE[1]]}}
    said = dict(RefusedRow.objects.filter(upload=made).values_list("name", "reason"))
    assert said == {
        "all.xml": "It speaks of 2 that did not come (b, c): what it says of them was left out.",
        "Annotations/gone.xml": "It states marks of a file that did not come: nothing of it was taken.",
    }
