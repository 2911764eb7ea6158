from labelling.task_types.drawing import Mask
from labelling.task_types.task_type import LABELS, TaskType

TYPE = TaskType(
    __name__,
    title={"en": "Colour in areas", "zu": "Faka umbala ezindaweni"},
    media=frozenset({"image"}),
    settings={"labels": LABELS},
    marks="masks",
    draws=Mask,
    aids=("regions.webp", "tree.json"),
)
