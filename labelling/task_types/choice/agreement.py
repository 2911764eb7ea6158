"""choice: equal or not."""


def category(value: dict) -> str:
    """What alpha compares; only types whose answers are categories have this."""
    return value["label"]


def agreement(a: dict, b: dict, question: dict) -> float:
    return float(a["label"] == b["label"])
