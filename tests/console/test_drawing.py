"""Answers as the console draws them: names and colours by label, shapes as SVG, marks in a text where they overlap."""

from types import SimpleNamespace

from django.template.loader import render_to_string

from console.answer_rendering import Named, Said, ShownPart, pieces, say
from labelling.task_types.drawing import Point, Range, Rectangle, Span

NAMES = {"cat": ("Cat", "#a8401f"), "dog": ("Dog", "#2a6a48")}


def of(task_type: str) -> SimpleNamespace:
    return SimpleNamespace(task_type=task_type, config={}, past_labels=[])


def named(shape) -> Named:
    return Named(shape, *NAMES[shape.label])


def shown(said: Said, **more) -> str:
    item = SimpleNamespace(
        picture="", sound="", text="", item=SimpleNamespace(pk=7), width_px=640, height_px=480, duration_ms=9000
    )
    return render_to_string("console/_shown.html", {"shown": SimpleNamespace(**vars(item) | more), "said": said})


def test_boxes_are_counted_by_name_and_drawn_over_the_picture():
    box = {"label": "cat", "x": 1, "y": 2, "width": 30, "height": 40}
    said = say(of("boxes"), {"boxes": [box, {**box, "x": 9}, {**box, "label": "dog"}]}, NAMES)
    assert said.words == "Cat × 2, Dog"
    page = shown(said, picture="/media/x.jpg")
    assert '<polygon points="1,2 31,2 31,42 1,42" fill="#a8401f"' in page
    assert page.count("<polygon") == 3
    assert say(of("boxes"), {"boxes": []}, NAMES).words == "nothing marked"


def test_of_what_is_looked_for_faults_none_at_all_says_that_nothing_is_wrong():
    one = {"step": "p2", "label": "cat", "severity": 3}
    assert say(of("first_wrong"), {"wrong": [one]}, NAMES).words == "p2: Cat (3)"
    assert say(of("first_wrong"), {"wrong": []}, NAMES).words == "nothing is wrong"


def test_a_label_a_text_and_nothing_are_said_in_words():
    assert (
        say(of("choice"), {"label": "dog"}, NAMES).words,
        say(of("choice"), {"label": "dog"}, NAMES).colour,
    ) == NAMES["dog"]
    assert say(of("choice"), {"label": "gone"}, NAMES).words == "gone"
    assert say(of("text"), {"text": "<b>"}, NAMES) == Said("<b>")
    assert say(of("text"), None, NAMES).words == "–"


def test_a_text_is_cut_where_marks_begin_and_end_also_where_they_overlap():
    marks = [named(Span("cat", 2, 6)), named(Span("dog", 4, 99)), named(Span("dog", 4, 8))]
    cut = pieces("0123🙂5678", marks)
    assert [(piece.text, [one.name for one in piece.marks]) for piece in cut] == [
        ("01", []), ("23", ["Cat"]), ("🙂5", ["Cat", "Dog", "Dog"]), ("67", ["Dog", "Dog"]), ("8", ["Dog"]),
    ]  # fmt: skip
    assert [piece.text for piece in pieces("", marks)] == [""]


def test_in_a_list_marks_in_a_text_are_told_by_their_words():
    item = SimpleNamespace(payload={"text": "Anna 🙂 sings"}, media=None)
    value = {"spans": [{"label": "cat", "start": 0, "end": 4}, {"label": "dog", "start": 7, "end": 12}]}
    assert say(of("spans"), value, NAMES, item).words == "Anna (Cat), sings (Dog)"
    assert say(of("spans"), value, NAMES).words == "Cat, Dog"
    assert say(of("spans"), {"spans": []}, NAMES, item).words == "nothing marked"
    many = {"spans": [{"label": "cat", "start": n, "end": n + 1} for n in range(4)] * 2}
    assert say(of("spans"), many, NAMES, item).words.endswith("n (Cat) …")
    assert say(of("choice"), {"label": "dog"}, NAMES, item).words == "Dog"


def test_a_mark_of_many_words_is_a_piece_a_word_so_that_each_line_is_underlined():
    cut = pieces("ab cd  ef gh", [named(Span("cat", 3, 9))])
    assert [(piece.text, len(piece.marks)) for piece in cut] == [("ab ", 0), ("cd  ", 1), ("ef", 1), (" gh", 0)]
    assert max(len(piece.text) for piece in pieces("東" * 100, [named(Span("cat", 0, 100))])) <= 16
    page = shown(Said("Cat", shapes=(named(Span("cat", 3, 9)),)), text="ab cd  ef gh")
    assert page.count("<small>Cat</small>") == 1


def test_marks_in_a_text_are_drawn_escaped_and_named_where_they_end():
    page = shown(Said("Cat", shapes=(named(Span("cat", 0, 3)),)), text="<b>x & y")
    assert '<mark class="span">&lt;b&gt;' in page
    assert page.count("<small>Cat</small>") == 1
    assert "x &amp; y" in page
    assert "<mark" not in shown(Said("–"), text="x")


def test_points_and_stretches_of_time_are_drawn_too():
    page = shown(Said("Cat", shapes=(named(Point("cat", 5, 6)), named(Rectangle("dog", 0, 0, 1, 1)))), picture="/x.jpg")
    assert 'd="M5 6h0" stroke="#a8401f"' in page
    page = shown(Said("Cat", shapes=(named(Range("cat", 1000, 2500)),)), sound="/x.opus")
    assert 'viewBox="0 0 9000 1"' in page
    assert '<rect x="1000" width="1500"' in page


def test_an_item_of_parts_stands_once_on_its_page():
    parts = (ShownPart("p1", "User", "text", "When is low tide?"), ShownPart("p2", "Thought", "text", "I look it up."))
    page = shown(Said(""), parts=parts, text="When is low tide? · I look it up.")  # the line that lists have of it
    assert [page.count(part.body) for part in parts] == [1, 1]
