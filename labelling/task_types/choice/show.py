from labelling.task_types.drawing import Drawing


def show(value: dict, question: dict) -> Drawing:
    return Drawing(label=value["label"])
