from labelling.task_types.drawing import Order
from labelling.task_types.ranking.answer import compared


def of_order(order: Order, question: dict) -> dict:
    """Its ranks; what it does not name stands behind them, alike."""
    named = {part for rank in order.ranks for part in rank}
    behind = [part for part in compared(question) if part not in named]
    return {"order": [*(list(rank) for rank in order.ranks), *([behind] if behind else [])]}
