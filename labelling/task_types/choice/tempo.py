"""choice: one look and one tap (labelling/task_types/looking.py); of pictures at once a share of them.

She looks over a grid and taps some: the one reaction is shared by all that are on it, and each picture costs a glance. In a search among
things an eye that finds nothing spends 40 to 60 ms on each (J. M. Wolfe, Psychological Science 9 (1998), doi:10.1111/1467-9280.00006);
what a picture is can be told of pictures that follow each other every 13 to 80 ms (M. C. Potter et al., Attention, Perception, &
Psychophysics 76 (2014), doi:10.3758/s13414-013-0605-z). The phone shares her time out evenly, so taps are not asked of the tapped alone.
"""

from labelling.task_types.looking import REACTION_MS, look_ms

AT_ONCE = 9  # at most: phone/grid.ts
GLANCE_MS = 50


def least_ms(value: dict, question: dict, suggested: bool) -> int:
    """Nobody sees this item and answers in less."""
    if question.get("config", {}).get("look") == "grid":
        return REACTION_MS // AT_ONCE + GLANCE_MS
    return look_ms(question)
