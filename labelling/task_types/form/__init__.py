from labelling.task_types.drawing import Row
from labelling.task_types.task_type import TaskType

TYPE = TaskType(
    __name__,
    title={"en": "Answer several questions", "zu": "Phendula imibuzo eminingana"},
    media=frozenset({"image", "text", "audio", "video", "parts"}),
    settings={"questions": {"type": "array", "minItems": 1, "maxItems": 40, "page": True}},
    scalar="answers",
    draws=Row,
)
