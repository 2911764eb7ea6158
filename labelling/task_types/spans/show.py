from labelling.task_types.drawing import Drawing, Span


def show(value: dict, question: dict) -> Drawing:
    return Drawing(shapes=[Span(**span) for span in value["spans"]])
