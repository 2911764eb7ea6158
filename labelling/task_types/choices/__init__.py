from labelling.task_types.drawing import Tag
from labelling.task_types.settings import words
from labelling.task_types.task_type import LABELS, TaskType

GROUP = {
    "type": "object",
    "properties": {
        "name": words(60) | {"titles": {"en": "Name", "zu": "Igama"}},
        "first": {
            "type": "integer",
            "minimum": 1,
            "maximum": 200,
            "titles": {"en": "Its first label, by number", "zu": "Ilebula layo lokuqala, ngenombolo"},
        },
    },
    "required": ["name", "first"],
}

TYPE = TaskType(
    __name__,
    title={"en": "Choose all labels that fit", "zu": "Khetha wonke amalebula afanele"},
    media=frozenset({"image", "text", "audio", "video", "parts"}),
    settings={
        "labels": LABELS,
        "none": {
            "type": "boolean",
            "default": True,
            "titles": {"en": "“None of these” is an answer", "zu": "“Akukho kulokhu” kuyimpendulo"},
        },
        "most": {
            "type": "integer",
            "minimum": 1,
            "maximum": 200,
            "titles": {"en": "Labels at most", "zu": "Amalebula, inani eliphezulu"},
            "help": {"en": "Empty: as many as fit.", "zu": "Uma kungenalutho: wonke afanele."},
        },
        "near": {
            "type": "integer",
            "minimum": 1,
            "maximum": 100,
            "default": 100,
            "titles": {
                "en": "Right from so much in common, in per cent",
                "zu": "Kulungile kusukela kulokhu okufanayo, ngamaphesenti",
            },
            "help": {
                "en": "Of the labels that she or the truth names, how many both name (Jaccard). 100: the same labels.",
                "zu": "Kumalebula ashiwo nguye noma ashiwo yiqiniso, mangaki ashiwo yikho kokubili (Jaccard). 100: amalebula afanayo.",
            },
        },
        "groups": {
            "type": "array",
            "maxItems": 40,
            "items": GROUP,
            "titles": {"en": "Groups of labels", "zu": "Amaqembu amalebula"},
            "help": {
                "en": "A group goes from its first label to that of the next group.",
                "zu": "Iqembu lisuka kulebula lalo lokuqala liye kwelokuqala leqembu elilandelayo.",
            },
        },
    },
    scalar="labels",
    draws=Tag,
    picture="640",
)
