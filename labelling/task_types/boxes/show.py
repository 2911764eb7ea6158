from labelling.task_types.drawing import Drawing, Rectangle


def show(value: dict, question: dict) -> Drawing:
    return Drawing(shapes=[Rectangle(**box) for box in value["boxes"]])
