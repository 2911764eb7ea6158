from labelling.task_types.cells import LABEL, Cell
from labelling.task_types.drawing import Span
from labelling.task_types.task_type import LABELS, TaskType

TYPE = TaskType(
    __name__,
    title={"en": "Mark words in a text", "zu": "Maka amagama embhalweni"},
    media=frozenset({"text"}),
    settings={"labels": LABELS},
    marks="spans",
    draws=Span,
    cells=(
        LABEL,
        Cell("start", "number", {"en": "from", "zu": "kusuka"}),
        Cell("end", "number", {"en": "up to", "zu": "kuze kufike"}),
    ),
)
