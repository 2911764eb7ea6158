from labelling.task_types.drawing import Tag
from labelling.task_types.task_type import LABELS, TaskType

TYPE = TaskType(
    __name__,
    title={"en": "Choose a label", "zu": "Khetha ilebula"},
    media=frozenset({"image", "text", "audio", "video", "parts"}),
    settings={
        "labels": LABELS,
        "look": {
            "enum": ["list", "swipe"],
            "titles": {"en": "Shown as", "zu": "Kuboniswa njenge"},
            "names": {
                "list": {"en": "A list of labels", "zu": "Uhlu lwamalebula"},
                "swipe": {"en": "A card to push left or right", "zu": "Ikhadi elicushwa kwesobunxele noma kwesokudla"},
            },
            "help": {
                "en": "A card needs two labels, left and right; a third is up, for “unsure”.",
                "zu": "Ikhadi lidinga amalebula amabili, kwesobunxele nakwesokudla; elesithathu liphezulu, elokuthi “angiqiniseki”.",
            },
        },
    },
    scalar="label",
    draws=Tag,
    picture="640",
)
