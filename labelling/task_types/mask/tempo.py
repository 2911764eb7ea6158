"""mask: how fast nobody is. Not fitted to any crowd.

Each area that is coloured in takes one tap on a region at the least, an aimed movement of 0.2 s (I. S. MacKenzie, Fitts' law, HCI 7 (1992),
doi:10.1207/s15327051hci0701_3), and the choice of its label another, from the second on. "Nothing here", or areas that a model has
coloured in already, take a look: 0.3 s (S. Thorpe et al., Nature 381 (1996), doi:10.1038/381520a0).
"""

LOOK_MS = 300
TAP_MS = 200


def least_ms(value: dict, question: dict, suggested: bool) -> int:
    """Nobody sees this item and answers in less."""
    areas = 0 if suggested else len(value["masks"])
    return LOOK_MS + max(0, 2 * areas - 1) * TAP_MS
