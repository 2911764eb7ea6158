from labelling.task_types.drawing import Drawing, Order


def show(value: dict, question: dict) -> Drawing:
    words = " > ".join(" = ".join(rank) for rank in value["order"])
    return Drawing(words=words, order=Order(tuple(tuple(rank) for rank in value["order"])))
