"""ranking: how fast nobody is. The limits of a look and of reading are those of `choice`, told there with their sources; each part is read
by its first words, and put in its place by a choice of its own, which costs at least the time that each doubling of the choices does
(Hick 1952, there, too)."""

REACTION_MS = 300
WORDS_A_SECOND = 12
FIRST_WORDS = 6
FIRST_SOUND_MS = 500
PLACE_MS = 150


def least_ms(value: dict, question: dict, suggested: bool) -> int:
    """Nobody compares these parts, orders them and is done in less."""
    parts = question["parts"]
    words = sum(min(len(part.get("text", "").split()), FIRST_WORDS) for part in parts)
    sound_ms = sum(min(part.get("duration_ms", 0), FIRST_SOUND_MS) for part in parts)
    placed = 0 if suggested else len(value["order"]) - 1
    return REACTION_MS + words * 1000 // WORDS_A_SECOND // 2 + sound_ms + placed * PLACE_MS
