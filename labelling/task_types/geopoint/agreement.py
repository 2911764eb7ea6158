"""geopoint: 1 where each lies within what the project counts as right, or within what either is sure of; further away the share of their
distance that this accounts for."""

from labelling.task_types.geopoint.answer import distance_m


def agreement(a: dict, b: dict, question: dict) -> float:
    allowed = max(a["place"]["radius_m"], b["place"]["radius_m"])
    apart = distance_m(a, b)
    return 1.0 if apart <= allowed else allowed / apart
