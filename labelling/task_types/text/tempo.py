"""text: how fast nobody is. Not fitted to any crowd.

On phones people type 36 words a minute, the fastest 85; on keyboards 52 and 120 (K. Palin et al., MobileHCI 2019,
doi:10.1145/3338286.3340120; V. Dhakal et al., CHI 2018, doi:10.1145/3173574.3174220). 15 characters a second are 180 words a
minute: nobody. Dictating is quicker, about 6 syllables a second at most, so it is the same limit. A text that a model has written
already takes a look; of a text that is rewritten, only what is put in is typed.
"""

from labelling.task_types.text.changes import changes_of
from labelling.task_types.text.original import original_of

LOOK_MS = 300
CHARACTERS_A_SECOND = 15


def least_ms(value: dict, question: dict, suggested: bool) -> int:
    """Nobody answers this in less."""
    return LOOK_MS if suggested else LOOK_MS + _typed(value, question) * 1000 // CHARACTERS_A_SECOND


def _typed(value: dict, question: dict) -> int:
    original = original_of(question)
    if not original:
        return len(value["text"])
    return sum(len(one.text) for one in changes_of(original, value["text"]) if one.kind == "in")
