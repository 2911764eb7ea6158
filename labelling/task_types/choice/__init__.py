from labelling.task_types.task_type import LABELS, TaskType

TYPE = TaskType(
    __name__,
    title={"en": "Choose a label", "zu": "Khetha ilebula"},
    media=frozenset({"image", "text", "audio", "video", "parts"}),
    settings={"labels": LABELS},
    scalar="label",
    picture="640",
)
