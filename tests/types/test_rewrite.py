"""A text that starts from another: what it changes is told word by word, and only what is put in has to be typed."""

import pytest

from labelling import task_types

TEXT = task_types.get("text")
QUESTION = {
    "labels": [],
    "config": {"kind": "rewrite", "language": "en"},
    "text": "He go to the river.",
    "language": "en",
}


def changes(before: str, after: str) -> list[tuple[str, str]]:
    shown = TEXT.show({"text": after}, {**QUESTION, "text": before})
    return [(one.kind, one.text) for one in shown.changes]


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("He go home.", "He goes home.", [("same", "He "), ("out", "go"), ("in", "goes"), ("same", " home.")]),
        ("one two", "one two", [("same", "one two")]),
        ("今天好", "今日好", [("same", "今"), ("out", "天"), ("in", "日"), ("same", "好")]),
    ],
)
def test_what_is_changed_is_told_by_words_and_by_letters_where_there_are_no_blanks(before, after, told):
    assert changes(before, after) == told


def test_both_texts_stand_whole_in_what_is_changed_however_long_they_are():
    before, after = "a b " * 3000, "b c " * 3000
    found = changes(before, after)
    assert "".join(text for kind, text in found if kind != "in") == before
    assert "".join(text for kind, text in found if kind != "out") == after


def test_only_what_is_put_in_has_to_be_typed():
    long = "The river rose in the night and the road was under water. " * 20
    one = {**QUESTION, "text": long}
    assert TEXT.tempo.least_ms({"text": long.strip() + "!"}, one, False) < 1000
    assert TEXT.tempo.least_ms({"text": long}, {**one, "config": {"kind": "caption"}}, False) > 60_000


def test_a_text_that_starts_from_nothing_changes_nothing():
    assert TEXT.show({"text": "a hut"}, {**QUESTION, "config": {"kind": "caption"}}).changes is None
