"""geopoint: right within the metres that the project says; how sure she says she is changes nothing."""

from labelling.task_types.geopoint.answer import distance_m

NEAR_M = 25_000


def near_of(config: dict) -> int:
    return config.get("near_m", NEAR_M)


def is_right(value: dict, truth: dict, question: dict) -> bool:
    return distance_m(value, truth) <= near_of(question["config"])
