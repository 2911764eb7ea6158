"""Several answers in one drawing: who said what is told by number and line, not by colour alone; what all said is told apart."""

import re
from types import SimpleNamespace

from django.template.loader import render_to_string
from django.utils import translation

from console.answer_rendering import Named, Said
from console.together import ALL, together
from labelling.task_types.drawing import Range, Rectangle, Skeleton, Span


def drawn(*shapes) -> Said:
    return Said("", shapes=tuple(Named(shape, shape.label, "#000") for shape in shapes))


CAR, BUS, WIDE = Rectangle("car", 10, 10, 50, 50), Rectangle("bus", 0, 0, 5, 5), Rectangle("car", 10, 10, 55, 50)


def test_what_all_drew_alike_is_one_thin_shape_and_what_differs_is_each_ones_own():
    found = together([("ann", drawn(CAR, BUS)), ("ben", drawn(CAR)), ("cy", drawn(CAR, WIDE))])
    assert [(one.shape, one.who) for one in found.areas] == [(CAR, "1, 2, 3"), (BUS, "1"), (WIDE, "3")]
    assert found.areas[0].colour == ALL
    looks = {(voice.colour, voice.dash) for voice in found.voices}
    assert len(looks) == 3
    assert len({voice.dash for voice in found.voices}) == 3, "lines are told apart without any colour"
    assert ALL not in {colour for colour, _dash in looks}
    assert found.areas[2].at == (10, 10)


def test_every_kind_of_shape_has_its_place():
    figure = Skeleton("fox", [(5, 5, 2), (9, 9, 1)], [(0, 1)], ["nose", "tail"], [0, 1])
    found = together([("", drawn(figure)), ("", drawn(Span("name", 0, 4))), ("", drawn(Range("dog", 0, 500)))])
    assert [one.at for one in found.skeletons] == [(5, 5)]
    assert found.on_picture == found.skeletons
    assert [one.who for one in found.spans] == ["2"]
    assert [[one.name for one in ranges] for _voice, ranges in found.lanes] == [[], [], ["dog"]]


def test_a_drawing_has_points_in_its_numbers_in_every_language():
    """French writes 0,5: in a drawing that would be two numbers."""
    tilted = Rectangle("car", 1.5, 2.5, 50, 50)
    shown = SimpleNamespace(picture="p.webp", width_px=100, height_px=80, letter_px=3.5, text="", duration_ms=0)
    found = together([("", drawn(tilted)), ("", drawn(CAR))])
    with translation.override("fr"):
        page = render_to_string("console/_together.html", {"together": found, "shown": shown})
    places = re.findall(r'<text x="(\S+)" y="(\S+)" font-size="(\S+)" dy="1em" dx="(\S+)em">', page)
    assert places == [("1.5", "2.5", "3.5", "0.15"), ("10", "10", "3.5", "1.05")]


def test_words_that_nobody_else_has_there_are_marked_in_any_script():
    first, second = together([("", Said("ubuntu ngabantu bonke")), ("", Said("ubuntu abantu bonke"))]).voices
    assert first.words == (("ubuntu ", False), ("ngabantu ", True), ("bonke", False))
    assert [piece for piece, alone in second.words if alone] == ["abantu "]
    chinese = together([("", Said("我爱北京")), ("", Said("我爱南京"))]).voices
    assert [piece for voice in chinese for piece, alone in voice.words if alone] == ["北", "南"]


def test_of_several_questions_those_are_told_on_which_they_differ():
    ann = Said("", rows=(("Sleeve", Said("long")), ("Colour", Said("red"))))
    ben = Said("", rows=(("Sleeve", Said("short")), ("Colour", Said("red")), ("Size", Said("L"))))
    assert together([("ann", ann), ("ben", ben)]).questions == (
        ("Sleeve", True, ("long", "short")),
        ("Colour", False, ("red", "red")),
        ("Size", True, ("–", "L")),
    )


def test_one_answer_and_one_label_each_need_no_drawing():
    assert together([("ann", drawn(CAR))]) is None
    assert together([("ann", Said("good", "#0f0")), ("ben", Said("bad", "#f00"))]) is None
    assert together([("ann", Said("the same")), ("ben", Said("the same"))]) is None
