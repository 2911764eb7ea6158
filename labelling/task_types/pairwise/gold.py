def is_right(value: dict, truth: dict, question: dict) -> bool:
    return value["chosen"] == truth["chosen"]
