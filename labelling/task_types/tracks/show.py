from labelling.task_types.drawing import Drawing, Track


def show(value: dict, question: dict) -> Drawing:
    return Drawing(shapes=[Track(one["label"], tuple(map(tuple, one["keys"]))) for one in value["tracks"]])
