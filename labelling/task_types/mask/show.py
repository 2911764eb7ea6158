from labelling.task_types.drawing import Drawing, Mask


def show(value: dict, question: dict) -> Drawing:
    size = question["width_px"], question["height_px"]
    return Drawing(shapes=[Mask(one["label"], tuple(one["size"]), one["counts"], *size) for one in value["masks"]])
