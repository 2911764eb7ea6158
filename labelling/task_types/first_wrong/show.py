from labelling.task_types.drawing import Drawing, Step


def show(value: dict, question: dict) -> Drawing:
    steps = [Step(one["label"], one["step"], one.get("severity")) for one in value["wrong"]]
    return Drawing(shapes=steps, of_faults=True)
