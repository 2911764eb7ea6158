def is_right(value: dict, truth: dict, question: dict) -> bool:
    return value["chosen"] == truth["chosen"]


def by_chance(config: dict) -> float:
    """Of two parts that are compared; of more it is less."""
    return 0.5
