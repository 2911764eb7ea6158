def is_right(value: dict, truth: dict, question: dict) -> bool:
    return value["label"] == truth["label"]


def by_chance(config: dict) -> float:
    return 1 / max(1, len(config["labels"]))
