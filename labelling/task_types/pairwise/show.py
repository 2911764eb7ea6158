from labelling.task_types.drawing import Drawing, Order
from labelling.task_types.parts import RESERVED


def show(value: dict, question: dict) -> Drawing:
    chosen = value["chosen"]
    return Drawing(words=chosen, order=Order(() if chosen in RESERVED else ((chosen,),)))
