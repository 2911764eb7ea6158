"""tracks: how fast nobody is. Not fitted to any crowd.

The first box of an object takes the hand two aimed movements, as every box does, 0.3 s each (I. S. MacKenzie, Fitts' law, HCI 7 (1992),
doi:10.1207/s15327051hci0701_3); each further key frame at least one look and one press, 0.3 s (S. Thorpe et al., Nature 381 (1996),
doi:10.1038/381520a0). What a model has drawn already takes a look.
"""

LOOK_MS = 300
BOX_MS = 600
KEY_MS = 300
MAX_TRACKS, MAX_KEYS = 10, 40


def least_ms(value: dict, question: dict, suggested: bool) -> int:
    """Nobody sees this item and answers in less."""
    if suggested:
        return LOOK_MS
    keys = sum(len(one["keys"]) - 1 for one in value["tracks"])
    return LOOK_MS + min(len(value["tracks"]), MAX_TRACKS) * BOX_MS + min(keys, MAX_KEYS) * KEY_MS
