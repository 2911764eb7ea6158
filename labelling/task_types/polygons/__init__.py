from labelling.task_types.drawing import Polygon
from labelling.task_types.task_type import LABELS, TaskType

TYPE = TaskType(
    __name__,
    title={"en": "Draw outlines", "zu": "Dweba imiphetho yezinto"},
    media=frozenset({"image"}),
    settings={"labels": LABELS},
    marks="polygons",
    draws=Polygon,
)
