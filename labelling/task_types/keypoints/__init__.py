from labelling.task_types.drawing import Skeleton
from labelling.task_types.keypoints.settings import FIGURES, SKELETON
from labelling.task_types.task_type import LABELS, TaskType

TYPE = TaskType(
    __name__,
    title={"en": "Mark the parts of a figure", "zu": "Phawula izingxenye zomfanekiso"},
    media=frozenset({"image"}),
    settings={"labels": LABELS, "skeleton": SKELETON, "figures": FIGURES},
    marks="figures",
    draws=Skeleton,
)
