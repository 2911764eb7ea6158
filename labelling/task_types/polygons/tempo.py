"""polygons: how fast nobody is. Not fitted to any crowd.

An outline takes practised people 30 to 80 s with a mouse (COCO: 79 s an object, T.-Y. Lin et al., ECCV 2014,
doi:10.1007/978-3-319-10602-1_48). The hand alone needs one aimed movement a corner, 0.2 s at the very least (I. S. MacKenzie, Fitts'
law, HCI 7 (1992), doi:10.1207/s15327051hci0701_3); a lasso is one movement that no corner parts, so three corners are all that is
asked for, however many points the phone made of it. "Nothing here", or outlines that a model has drawn already, take a look: 0.3 s
(S. Thorpe et al., Nature 381 (1996), doi:10.1038/381520a0).
"""

LOOK_MS = 300
POLYGON_MS = 600
MAX_POLYGONS = 20


def least_ms(value: dict, question: dict, suggested: bool) -> int:
    """Nobody sees this item and answers in less."""
    drawn = 0 if suggested else min(len(value["polygons"]), MAX_POLYGONS)
    return LOOK_MS + drawn * POLYGON_MS
