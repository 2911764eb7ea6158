"""spans: how fast nobody is. Not fitted to any crowd.

A text is read at most at 12 words a second, words flashed one by one (M. C. Potter, in New Methods in Reading Comprehension
Research, 1984); readers reach 4 (M. Brysbaert, JML 109 (2019), doi:10.1016/j.jml.2019.104047). To mark, all of it must be seen, so
more words are asked for than for a choice; what is scanned for a name is not read, hence no more than MAX_WORDS. A mark takes the
hand two aimed taps, one on the word and one on its label, 0.2 s each at the very least (I. S. MacKenzie, Fitts' law, HCI 7 (1992),
doi:10.1207/s15327051hci0701_3). Marks that a model has set already take no hand.
"""

LOOK_MS = 300
WORDS_A_SECOND = 12
MAX_WORDS = 24
SPAN_MS = 400
MAX_SPANS = 20


def least_ms(value: dict, question: dict, suggested: bool) -> int:
    """Nobody sees this item and answers in less."""
    words = min(len((question.get("text") or "").split()), MAX_WORDS)
    marked = 0 if suggested else min(len(value["spans"]), MAX_SPANS)
    return LOOK_MS + words * 1000 // WORDS_A_SECOND // 2 + marked * SPAN_MS
