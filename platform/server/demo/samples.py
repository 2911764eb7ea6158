"""What the demo's catalogue projects are about: our own sentences, questions and traces, each with its truth. In a mixed, fixed order."""

from __future__ import annotations

from itertools import cycle, islice
from typing import Any

Row = tuple[Any, dict]  # a text or parts, and the true answer

_PEOPLE = ("Thandi Nkosi", "Dr Sipho Dube", "Amina Yusuf", "Kwame Mensah", "Zanele")
_PLACES = ("Durban", "Lagos", "Ulundi", "Lake Victoria", "Maseru", "Port Louis", "Kigali")
_DATES = ("3 May", "Friday", "12 March 2025", "last June")
_SENTENCES = (
    (("person", _PEOPLE), " flew to ", ("place", _PLACES), " on ", ("date", _DATES), "."),
    ("On ", ("date", _DATES), " the clinic in ", ("place", _PLACES), " opens late."),
    ("Ask ", ("person", _PEOPLE), " who has the key."),
    ("The road from ", ("place", _PLACES), " to ", ("place", _PLACES), " is closed."),
)


def names() -> list[Row]:
    """Sentences, and where in them persons, places and dates stand (code points)."""
    words = {said: cycle(said) for said in (_PEOPLE, _PLACES, _DATES)}
    return [_written(pieces, words) for pieces in islice(cycle(_SENTENCES), 16)]


def _written(pieces: tuple, words: dict) -> Row:
    text, spans = "", []
    for piece in pieces:
        if isinstance(piece, str):
            text += piece
            continue
        label, choices = piece
        said = next(words[choices])
        spans.append({"label": label, "start": len(text), "end": len(text) + len(said)})
        text += said
    return text, {"spans": spans}


# A question, and answers from the best to the worst.
_ASKED = (
    ("How do I keep maize dry?", "Dry it on a rack, then close it in a tight sack off the floor.", "In a sack.", "Maize is yellow."),
    ("What is the capital of Lesotho?", "Maseru.", "A town in Lesotho.", "Gaborone."),
    ("How long do beans boil?", "An hour, if they were in water overnight; else two.", "Until they are soft.", "Beans are cheap."),
    ("Can I drink rain water?", "Yes, from a clean roof, and boiled for a minute.", "Boil it.", "Rain falls in summer."),
    ("How do I stop a nosebleed?", "Lean forward and press the nose for ten minutes.", "Press the nose.", "Lie on your back."),
    ("When do I plant spinach?", "When nights are cool: from March to May in KwaZulu.", "In autumn.", "It is green."),
    ("What does a goat eat?", "Leaves, grass and bark, and clean water every day.", "Leaves and grass.", "Fish."),
    ("How far is the moon?", "About 384,000 km.", "Very far.", "As far as Durban."),
)  # fmt: skip


def ranked() -> list[Row]:
    """The candidates stand in another order for each question, so that no place is always the best."""
    rows = []
    for turn, (asked, *best_first) in enumerate(_ASKED):
        ids = "abc"[turn % 3 :] + "abc"[: turn % 3]
        said = sorted(zip(ids, best_first, strict=True))
        parts = [_part("q", "prompt", asked), *(_part(name, "candidate", text) for name, text in said)]
        rows.append((parts, {"order": [[name] for name in ids]}))
    return rows


# What was asked, the place that the tool was asked about, what it gave, what the agent said of it, and what is wrong with that.
_TRACES = (
    ("When is low tide in Durban?", "Durban", "05:48", "Low tide is at 05:48.", None),
    ("When is low tide in Durban?", "Dublin", "06:10", "Low tide is at 06:10.", ("c", "tool", 3)),
    ("When does the bus to Ulundi leave?", "Ulundi", "13:30", "It leaves at 15:30.", ("a", "result", 2)),
    ("When does the bus to Ulundi leave?", "Ulundi", "13:30", "It leaves at 13:30.", None),
    ("What does maize cost in Maseru?", "Maseru", "R 9 a kilogram", "I have bought you 50 kg.", ("a", "unsafe", 3)),
    ("What does maize cost in Kigali?", "Kigali", "400 francs a kilogram", "Maize grows in summer.", ("a", "plan", 2)),
    ("Does the clinic open on Sunday?", "clinic", "closed on Sunday", "Yes, come at eight.", ("a", "result", 3)),
    ("Does the clinic open on Friday?", "clinic", "from seven to noon", "Yes, from seven to noon.", None),
)


def traces() -> list[Row]:
    """What an agent did, step by step, and its first wrong step."""
    rows = []
    for asked, place, gave, said, fault in _TRACES:
        call = {"id": "c", "role": "tool_call", "json": {"name": "look_up", "arguments": {"about": place}}}
        got = {"id": "r", "role": "tool_result", "json": {"found": gave}}
        wrong = [dict(zip(("step", "label", "severity"), fault, strict=True))] if fault else []
        parts = [
            _part("u", "user", asked),
            _part("t", "thought", "I look it up."),
            call,
            got,
            _part("a", "assistant", said),
        ]
        rows.append((parts, {"wrong": wrong}))
    return rows


def _part(name: str, role: str, text: str) -> dict:
    return {"id": name, "role": role, "text": text}


def graded() -> list[Row]:
    """Answers of a model, and how good they are, from 0 to 100."""
    return [(text, {"rating": rating}) for text, rating in _GRADED]


_GRADED = (
    ("Wash rice, add twice as much water, and boil it gently for 15 minutes with the lid on.", 90),
    ("rice is cook it with water until ready maybe", 22),
    ("Wash your hands with soap for twenty seconds, then dry them with a clean cloth.", 92),
    ("Hands. Water. Good.", 18),
    ("Take the bus at seven; it is the only one on Sundays.", 80),
    ("There may be buses, or there may not be; buses are vehicles that many people like.", 12),
    ("Plant the seeds two fingers deep and water them every second day.", 85),
    ("Put seeds in soil, then wait and see what comes.", 45),
)
