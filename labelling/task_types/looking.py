"""How long it takes at least to see an item and to touch one answer, for every type that is answered by a tap. Not fitted to any crowd.

People tell animal from no animal in pictures at best after 0.25 to 0.29 s, 0.45 s in the middle, of which the hand takes most
(S. Thorpe, D. Fize and C. Marlot, Nature 381 (1996), doi:10.1038/381520a0). Each doubling of the choices costs about 0.15 s
(W. E. Hick, QJEP 4 (1952), doi:10.1080/17470215208416600). Words flashed one by one can be understood at most at 12 a second
(M. C. Potter, in New Methods in Reading Comprehension Research, 1984); readers reach 4 a second (M. Brysbaert, JML 109 (2019),
doi:10.1016/j.jml.2019.104047). Often the first words decide, so no more than FIRST_WORDS are asked for; likewise the first
second of a sound. An aimed tap takes 0.2 s at the very least (I. S. MacKenzie, Fitts' law, HCI 7 (1992),
doi:10.1207/s15327051hci0701_3). These are limits of the body, and half of what a quick person needs.
"""

from __future__ import annotations

from typing import Any

REACTION_MS = 300
WORDS_A_SECOND = 12
FIRST_WORDS = 6
FIRST_SOUND_MS = 500
TAP_MS = 200


def look_ms(question: dict[str, Any]) -> int:
    """Nobody sees this item and touches one answer in less."""
    words = min(len((question.get("text") or "").split()), FIRST_WORDS)
    sound_ms = min(question.get("duration_ms") or 0, FIRST_SOUND_MS)
    return REACTION_MS + words * 1000 // WORDS_A_SECOND // 2 + sound_ms
