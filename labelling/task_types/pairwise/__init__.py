from labelling.task_types.drawing import Order
from labelling.task_types.parts import Asked
from labelling.task_types.task_type import TaskType

TYPE = TaskType(
    __name__,
    title={"en": "Say which is better", "zu": "Sho okungcono"},
    media=frozenset({"parts"}),
    settings={},
    scalar="chosen",
    draws=Order,
    asked=Asked(frozenset({"candidate", "left", "right"}), least=2, most=8, shuffled=True),
    points_at=("chosen",),
)
