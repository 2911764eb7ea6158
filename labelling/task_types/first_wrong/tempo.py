"""first_wrong: how fast nobody is. The limits of a look and of a tap are told with their sources in labelling/task_types/looking.py. Each
step up to the one that is named, or all where none is, is read by its first words."""

from labelling.task_types.first_wrong.answer import place_of, steps_of
from labelling.task_types.looking import FIRST_WORDS, REACTION_MS, TAP_MS, WORDS_A_SECOND
from labelling.task_types.parts import words_of


def least_ms(value: dict, question: dict, suggested: bool) -> int:
    """Nobody reads this far and answers in less."""
    read = steps_of(question)[: place_of(value, question) + 1]
    words = sum(min(len(words_of(part).split()), FIRST_WORDS) for part in question["parts"] if part["id"] in read)
    taps = 0 if suggested or not value["wrong"] else len(value["wrong"][0]) - 1
    return REACTION_MS + words * 1000 // WORDS_A_SECOND // 2 + taps * TAP_MS
