from labelling.task_types.drawing import Range
from labelling.task_types.task_type import LABELS, TaskType

TYPE = TaskType(
    __name__,
    title={"en": "Mark stretches of time", "zu": "Maka izingxenye zesikhathi"},
    media=frozenset({"audio", "video"}),
    settings={"labels": LABELS},
    marks="segments",
    draws=Range,
)
