from labelling.task_types.drawing import Drawing, Range


def show(value: dict, question: dict) -> Drawing:
    return Drawing(shapes=[Range(**segment) for segment in value["segments"]])
