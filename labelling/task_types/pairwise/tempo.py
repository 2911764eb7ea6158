"""pairwise: how fast nobody is. The limits of a look and of reading are those of `choice`, told there with their sources; here the first
words of each part are read before one can be called better, and of each sound as much is heard."""

REACTION_MS = 300
WORDS_A_SECOND = 12
FIRST_WORDS = 6
FIRST_SOUND_MS = 500


def least_ms(value: dict, question: dict, suggested: bool) -> int:
    """Nobody compares these parts and answers in less."""
    parts = question["parts"]
    words = sum(min(len(part.get("text", "").split()), FIRST_WORDS) for part in parts)
    sound_ms = sum(min(part.get("duration_ms", 0), FIRST_SOUND_MS) for part in parts)
    return REACTION_MS + words * 1000 // WORDS_A_SECOND // 2 + sound_ms
