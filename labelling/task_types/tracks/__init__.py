from labelling.task_types.drawing import Track
from labelling.task_types.task_type import LABELS, TaskType

TYPE = TaskType(
    __name__,
    title={"en": "Follow objects through a clip", "zu": "Landela izinto kuvidiyo"},
    media=frozenset({"video"}),
    settings={"labels": LABELS},
    marks="tracks",
    draws=Track,
)
