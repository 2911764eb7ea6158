from labelling.task_types.drawing import Drawing, Skeleton
from labelling.task_types.keypoints.skeleton import Asked, asked_of


def show(value: dict, question: dict) -> Drawing:
    asked = asked_of(question["config"])
    return Drawing(shapes=[_skeleton(one, asked) for one in value["figures"]])


def _skeleton(figure: dict, asked: Asked) -> Skeleton:
    points = [(x, y, int(v)) for x, y, v in asked.array(figure["points"]).tolist()]
    return Skeleton(figure["label"], points, asked.edges, asked.ids, asked.mirrored)
