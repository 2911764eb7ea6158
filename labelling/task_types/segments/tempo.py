"""segments: how fast nobody is. Not fitted to any crowd.

Speech is understood at most at about twice its speed (E. Foulke and T. G. Sticht, Psychological Bulletin 72 (1969),
doi:10.1037/h0028575), and what is to be marked in it must be heard or, in a clip, seen; half of that is asked for, and of no more than
MAX_HEARD_MS: a long stretch of silence is passed over by the look of its wave. A segment takes the hand two aimed taps, 0.2 s each at
the very least (I. S. MacKenzie, Fitts' law, HCI 7 (1992), doi:10.1207/s15327051hci0701_3). What a model has set already takes no hand.
"""

LOOK_MS = 300
FASTEST = 2
MAX_HEARD_MS = 8_000
SEGMENT_MS = 400
MAX_SEGMENTS = 20


def least_ms(value: dict, question: dict, suggested: bool) -> int:
    """Nobody hears this and answers in less."""
    heard_ms = min(question.get("duration_ms") or 0, MAX_HEARD_MS) // FASTEST // 2
    marked = 0 if suggested else min(len(value["segments"]), MAX_SEGMENTS)
    return LOOK_MS + heard_ms + marked * SEGMENT_MS
