"""boxes: how fast nobody is. Not fitted to any crowd.

A box takes people 25 to 35 s as it was first asked for (H. Su, J. Deng and L. Fei-Fei, HCOMP 2012), 7 s where the task is made as
quick as can be (D. Papadopoulos et al., Extreme clicking, ICCV 2017, doi:10.1109/ICCV.2017.528). The hand alone needs two aimed
movements, 0.3 to 0.5 s each (I. S. MacKenzie, Fitts' law, HCI 7 (1992), doi:10.1207/s15327051hci0701_3). "Nothing here", or
boxes that a model has drawn already, take a look: 0.3 s (S. Thorpe et al., Nature 381 (1996), doi:10.1038/381520a0).
"""

LOOK_MS = 300
BOX_MS = 600
MAX_BOXES = 20


def least_ms(value: dict, question: dict, suggested: bool) -> int:
    """Nobody sees this item and answers in less."""
    drawn = 0 if suggested else min(len(value["boxes"]), MAX_BOXES)
    return LOOK_MS + drawn * BOX_MS
