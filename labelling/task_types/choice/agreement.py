"""choice: equal or not."""


def agreement(a: dict, b: dict, question: dict) -> float:
    return float(a["label"] == b["label"])
