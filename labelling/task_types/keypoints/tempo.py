"""keypoints: how fast nobody is. Not fitted to any crowd.

Each point takes one aimed movement, 0.2 s at the very least (I. S. MacKenzie, Fitts' law, HCI 7 (1992), doi:10.1207/s15327051hci0701_3).
"Nothing here", or points that a model has placed already, take a look: 0.3 s (S. Thorpe et al., Nature 381 (1996), doi:10.1038/381520a0).
"""

LOOK_MS = 300
POINT_MS = 200
MAX_POINTS = 100


def least_ms(value: dict, question: dict, suggested: bool) -> int:
    """Nobody sees this item and answers in less."""
    placed = 0 if suggested else min(sum(len(figure["points"]) for figure in value["figures"]), MAX_POINTS)
    return LOOK_MS + placed * POINT_MS
