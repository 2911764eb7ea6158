from labelling.task_types.drawing import Span
from labelling.task_types.task_type import LABELS, TaskType

TYPE = TaskType(
    __name__,
    title={"en": "Mark words in a text", "zu": "Maka amagama embhalweni"},
    media=frozenset({"text"}),
    settings={"labels": LABELS},
    marks="spans",
    draws=Span,
)
