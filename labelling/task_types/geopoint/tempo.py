"""geopoint: a look at the item, a movement of the map and a tap (labelling/task_types/looking.py)."""

from labelling.task_types.looking import TAP_MS, look_ms


def least_ms(value: dict, question: dict, suggested: bool) -> int:
    """Nobody finds a place in less."""
    return look_ms(question) + (0 if suggested else 2 * TAP_MS)
