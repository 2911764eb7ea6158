from labelling.task_types.cells import Cell
from labelling.task_types.drawing import Order
from labelling.task_types.parts import Asked
from labelling.task_types.task_type import TaskType

TYPE = TaskType(
    __name__,
    title={"en": "the better one", "zu": "okungcono"},
    media=frozenset({"parts"}),
    settings={},
    scalar="chosen",
    draws=Order,
    cells=(Cell("chosen", "words", {"en": "The better part: its id, same or neither"}),),
    asked=Asked(frozenset({"candidate", "left", "right"}), least=2, most=8, shuffled=True),
    points_at=("chosen",),
)
