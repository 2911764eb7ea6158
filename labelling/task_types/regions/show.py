from labelling.task_types.drawing import Drawing, Written


def show(value: dict, question: dict) -> Drawing:
    return Drawing(
        shapes=[Written(one["label"], [(x, y) for x, y in one["points"]], one["text"]) for one in value["regions"]]
    )
