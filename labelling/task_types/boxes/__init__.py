from labelling.task_types.drawing import Rectangle
from labelling.task_types.task_type import LABELS, TaskType

TYPE = TaskType(
    __name__,
    title={"en": "Draw boxes", "zu": "Dweba amabhokisi"},
    media=frozenset({"image"}),
    settings={"labels": LABELS},
    marks="boxes",
    draws=Rectangle,
)
