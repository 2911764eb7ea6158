from labelling.task_types.drawing import Order
from labelling.task_types.pairwise.answer import SAME


def of_order(order: Order, question: dict) -> dict:
    """Its best part; where several share that, or nothing is said to be better, they are alike."""
    best = order.ranks[0] if order.ranks else ()
    return {"chosen": best[0] if len(best) == 1 else SAME}
