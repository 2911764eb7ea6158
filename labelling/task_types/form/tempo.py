"""form: how fast nobody is. The item is looked at once, for the question of which that takes longest; each further question takes the
hand one aimed tap, 0.2 s at the very least (I. S. MacKenzie, Fitts' law, HCI 7 (1992), doi:10.1207/s15327051hci0701_3)."""

from labelling.task_types.form.questions import questions_of

LOOK_MS = 300
TAP_MS = 200


def least_ms(value: dict, question: dict, suggested: bool) -> int:
    """Nobody answers this in less."""
    said = value["answers"]
    asked = [one for one in questions_of(question, said) if one.id in said]
    if not asked:
        return LOOK_MS
    longest = max(one.kind.tempo.least_ms(said[one.id], one.question, suggested) for one in asked)
    return longest + (0 if suggested else TAP_MS * (len(asked) - 1))
