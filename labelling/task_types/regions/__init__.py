from labelling.task_types.drawing import Written
from labelling.task_types.task_type import LABELS, TaskType

TYPE = TaskType(
    __name__,
    title={"en": "Find each line and write what it says", "zu": "Thola umugqa ngamunye ubhale okushiwo yiwo"},
    media=frozenset({"image"}),
    settings={"labels": LABELS, "language": {"type": "string", "examples": ["en"]}},
    marks="regions",
    draws=Written,
    writes_words=True,
)
