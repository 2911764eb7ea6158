"""regions: how fast nobody is. Three aimed taps a line, and its letters, of at most twenty lines; the limits of a tap and a look are told
with their sources in labelling/task_types/looking.py, that of writing in the type that writes: 15 characters a second are nobody's.
Lines that a model has found and read already take a look."""

from labelling.task_types.looking import REACTION_MS, TAP_MS

CHARACTERS_A_SECOND = 15
TAPS_A_LINE = 3
MAX_LINES = 20


def least_ms(value: dict, question: dict, suggested: bool) -> int:
    """Nobody does this in less."""
    if suggested:
        return REACTION_MS
    lines = value["regions"][:MAX_LINES]
    written = sum(len(one["text"]) for one in lines)
    return REACTION_MS + len(lines) * TAPS_A_LINE * TAP_MS + written * 1000 // CHARACTERS_A_SECOND
