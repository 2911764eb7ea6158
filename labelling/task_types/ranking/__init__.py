from labelling.task_types.drawing import Order
from labelling.task_types.parts import Asked
from labelling.task_types.task_type import TaskType

TYPE = TaskType(
    __name__,
    title={"en": "Put in order, best first", "zu": "Hlela, okungcono kuqala"},
    media=frozenset({"parts"}),
    settings={},
    scalar="order",
    draws=Order,
    asked=Asked(frozenset({"candidate", "left", "right"}), least=2, most=10, shuffled=True),
    points_at=("order", "0", "0"),
)
