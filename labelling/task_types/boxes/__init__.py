from labelling.task_types.cells import LABEL, Cell
from labelling.task_types.drawing import Rectangle
from labelling.task_types.task_type import LABELS, TaskType

TYPE = TaskType(
    __name__,
    title={"en": "Draw boxes", "zu": "Dweba amabhokisi"},
    media=frozenset({"image"}),
    settings={"labels": LABELS},
    marks="boxes",
    draws=Rectangle,
    cells=(
        LABEL,
        Cell("x", "number", {"en": "x"}),
        Cell("y", "number", {"en": "y"}),
        Cell("width", "number", {"en": "width", "zu": "ububanzi"}),
        Cell("height", "number", {"en": "height", "zu": "ukuphakama"}),
    ),
)
