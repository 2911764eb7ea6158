from labelling.task_types.drawing import Drawing, Polygon


def show(value: dict, question: dict) -> Drawing:
    return Drawing(shapes=[Polygon(one["label"], [(x, y) for x, y in one["points"]]) for one in value["polygons"]])
