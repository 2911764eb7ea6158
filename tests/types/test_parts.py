"""Items of parts: read in one place, whenever they were brought; checked part by part; shown in an order that nobody chose."""

import json
from collections import Counter
from pathlib import Path

import jsonschema
import pytest

from labelling.task_types import parts
from labelling.task_types.chats import parts_of_messages
from labelling.task_types.parts import Asked, BadPart
from labelling.task_types.questions import question_of

SCHEMA = json.loads((Path(parts.__file__).parent / "parts.schema.json").read_text())
PAIR = [
    {"role": "prompt", "text": "Why?"},
    {"role": "candidate", "text": "So."},
    {"role": "candidate", "text": "Thus."},
]
BOTH = Asked(frozenset({"candidate"}), least=2, most=2, shuffled=True)
NONE = {"width_px": None, "height_px": None, "duration_ms": None}


def test_items_of_before_are_read_as_parts():
    assert parts.parts_of({"text": "Sawubona"}, NONE) == [
        {"id": "text", "role": "source", "kind": "text", "text": "Sawubona"}
    ]
    size = {"width_px": 40, "height_px": 30, "duration_ms": None}
    assert parts.parts_of({}, size) == [
        {"id": "media", "role": "image", "kind": "image", "width_px": 40, "height_px": 30}
    ]
    [sound] = parts.parts_of({}, NONE | {"duration_ms": 900})
    assert (sound["kind"], sound["duration_ms"]) == ("audio", 900)
    [film] = parts.parts_of({}, size | {"duration_ms": 900})
    assert film["kind"] == "video"
    assert [(one["role"], one["text"]) for one in parts.parts_of({"left": "a", "right": "b"}, NONE)] == [
        ("left", "a"),
        ("right", "b"),
    ]


def test_what_a_type_is_asked_has_the_parts():
    kept = parts.checked_parts(PAIR)
    assert question_of({}, {"parts": kept})["parts"] == kept
    assert [one["id"] for one in question_of({}, {"text": "one"})["parts"]] == ["text"]


GOOD = [
    PAIR,
    [{"role": "user", "text": "x", "kind": "markdown", "id": "q-1", "meta": {"model": "m"}}],
    [{"role": "tool_call", "json": {"name": "search", "arguments": "{}"}}, {"role": "tool_result", "json": [1, 2]}],
    [{"role": "left", "file": "a.jpg"}, {"role": "right", "url": "https://example.org/b.jpg"}],
    [{"role": "page", "file": "a.png"}],
    [{"role": "source", "file": "a.png", "kind": "page", "text": "what stands on it"}],
]
BAD = [
    ([], "parts"),
    ("text", "parts"),
    ([{"role": "prompt", "text": "x"}] * 201, "parts"),
    (["x"], "parts[0]"),
    ([{"text": "x"}], "parts[0].role"),
    ([PAIR[0], {"role": "judge", "text": "x"}], "parts[1].role"),
    ([{"role": "prompt"}], "parts[0]"),
    ([{"role": "prompt", "text": "x", "json": {}}], "parts[0]"),
    ([{"role": "prompt", "text": " "}], "parts[0].text"),
    ([{"role": "prompt", "text": 5}], "parts[0].text"),
    ([{"role": "prompt", "text": "x", "kind": "image"}], "parts[0].kind"),
    ([{"role": "left", "file": "a.jpg", "kind": "text"}], "parts[0].kind"),
    ([{"role": "prompt", "text": "x", "colour": "red"}], "parts[0].colour"),
    ([{"role": "prompt", "text": "x", "id": "same"}], "parts[0].id"),
    ([{"role": "prompt", "text": "x", "id": "a b"}], "parts[0].id"),
    ([{"role": "prompt", "text": "x", "meta": "m"}], "parts[0].meta"),
    ([{"role": "prompt", "text": "x" * 50_001}], "parts[0]"),
    ([{"role": "page", "file": "a.png", "text": "x"}], "parts[0]"),  # which of the two it is
    ([{"role": "page", "file": "a.png", "kind": "page", "text": " "}], "parts[0].text"),
    ([{"role": "page", "file": "a.png", "kind": "page", "text": 5}], "parts[0].text"),
    ([{"role": "left", "file": "a.png", "kind": "image", "text": "x"}], "parts[0]"),
    ([{"role": "page", "file": "a.png", "kind": "page", "json": {}}], "parts[0]"),
]


@pytest.mark.parametrize("given", GOOD, ids=range(len(GOOD)))
def test_good_parts_are_completed_and_stay_what_they_are(given):
    kept = parts.checked_parts(given)
    assert jsonschema.Draft202012Validator(SCHEMA).is_valid(given)
    assert parts.checked_parts(kept) == kept
    assert len({one["id"] for one in kept}) == len(given)
    assert [one["role"] for one in kept] == [one["role"] for one in given]


@pytest.mark.parametrize(("given", "field"), BAD, ids=range(len(BAD)))
def test_bad_parts_get_one_sentence_that_names_the_part(given, field):
    with pytest.raises(BadPart) as refused:
        parts.checked_parts(given)
    assert refused.value.field == field
    assert str(refused.value).startswith("parts")
    assert str(refused.value).endswith(".")
    assert not jsonschema.Draft202012Validator(SCHEMA).is_valid(given)


def test_two_parts_of_one_id_and_too_much_of_them_are_refused():
    with pytest.raises(BadPart, match="two parts have the id a"):
        parts.checked_parts([{"role": "step", "id": "a", "text": "1"}, {"role": "step", "id": "a", "text": "2"}])
    with pytest.raises(BadPart, match="characters in all"):
        parts.checked_parts([{"role": "step", "text": "x" * 50_000}] * 5)
    with pytest.raises(BadPart, match="201 with the pages of their files"):
        parts.check_together([{"id": str(n), "role": "page", "kind": "page"} for n in range(201)])
    with pytest.raises(BadPart, match="must hold 2 of the role candidate: here are 3"):
        parts.check_asked(parts.checked_parts([*PAIR, PAIR[1]]), BOTH)


# --- in which order -----------------------------------------------------------------------------------------------------
def test_each_loan_shows_the_candidates_in_an_order_of_its_own_and_all_else_in_its_place():
    kept = parts.checked_parts([PAIR[1], PAIR[0], PAIR[2]])
    orders = [tuple(parts.shown_order(kept, BOTH, f"lease {n}")) for n in range(1000)]
    seen = Counter(orders)
    assert set(seen) == {("p1", "p3"), ("p3", "p1")}
    assert abs(seen["p1", "p3"] - 500) < 80  # five standard deviations of a fair coin
    assert orders == [tuple(parts.shown_order(kept, BOTH, f"lease {n}")) for n in range(1000)]
    assert [one["id"] for one in parts.arranged(kept, ["p3", "p1"])] == ["p3", "p2", "p1"]
    assert parts.arranged(kept, None) == kept
    assert parts.shown_order(kept, None, "x") is None
    assert parts.shown_order(kept, Asked(frozenset({"candidate"})), "x") is None


def test_who_answers_sees_neither_the_notes_nor_what_a_file_is_called():
    part = {
        "id": "a",
        "role": "left",
        "kind": "image",
        "sha256": "00",
        "file_name": "best.jpg",
        "meta": {"model": "m"},
        "width_px": 4,
    }
    assert parts.without_private(part) == {"id": "a", "role": "left", "kind": "image"}


# --- other ways to say it -----------------------------------------------------------------------------------------------
def test_a_chat_becomes_parts():
    chat = [
        {"role": "developer", "content": "Be brief."},
        {"role": "user", "content": [{"type": "text", "text": "Weather?"}]},
        {
            "role": "assistant",
            "content": None,
            "tool_calls": [{"id": "1", "function": {"name": "weather", "arguments": "{}"}}],
        },
        {"role": "tool", "content": "rain"},
        {"role": "assistant", "content": "It rains."},
    ]
    kept = parts.checked_parts(parts_of_messages(chat))
    assert [one["role"] for one in kept] == ["system", "user", "tool_call", "tool_result", "assistant"]
    assert kept[2]["json"] == {"name": "weather", "arguments": "{}"}
    for bad, field in [
        ([], "messages"),
        ([{"role": "user", "content": 5}], "messages[0].content"),
        ([{"content": "x"}], "messages[0]"),
        ([{"role": "judge", "content": "x"}], "messages[0].role"),
        ([{"role": "assistant", "tool_calls": 5}], "messages[0].tool_calls"),
    ]:
        with pytest.raises(BadPart) as refused:
            parts_of_messages(bad)
        assert refused.value.field == field
