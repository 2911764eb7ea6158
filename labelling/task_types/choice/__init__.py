from labelling.task_types.drawing import Tag
from labelling.task_types.task_type import LABELS, TaskType

TYPE = TaskType(
    __name__,
    title={"en": "Choose a label", "zu": "Khetha ilebula"},
    media=frozenset({"image", "text", "audio", "video", "parts"}),
    settings={
        "labels": LABELS,
        "look": {
            "enum": ["list", "swipe", "grid"],
            "only": {"grid": ["image"]},
            "titles": {"en": "Shown as", "zu": "Kuboniswa njenge"},
            "names": {
                "list": {"en": "A list of labels", "zu": "Uhlu lwamalebula"},
                "swipe": {"en": "A card to push left or right", "zu": "Ikhadi elicushwa kwesobunxele noma kwesokudla"},
                "grid": {
                    "en": "Nine pictures at once, of which some are tapped",
                    "zu": "Izithombe eziyisishiyagalolunye kanyekanye, okuthephwa ezinye zazo",
                },
            },
            "help": {
                "en": "A card needs two labels, left and right; a third is up, for “unsure”. Pictures at once need two: one is tapped, "
                "the other is said of whatever is left.",
                "zu": "Ikhadi lidinga amalebula amabili, kwesobunxele nakwesokudla; elesithathu liphezulu, elokuthi “angiqiniseki”. "
                "Izithombe kanyekanye zidinga amabili: elinye liyathephwa, elinye lishiwo ngezisele.",
            },
        },
        "tapped": {
            "enum": ["first", "second"],
            "titles": {"en": "Of pictures at once, a tap says", "zu": "Ezithombeni ezikanyekanye, ukuthepha kusho"},
            "names": {
                "first": {"en": "The first label", "zu": "Ilebula lokuqala"},
                "second": {"en": "The second label", "zu": "Ilebula lesibili"},
            },
        },
    },
    scalar="label",
    draws=Tag,
    picture="640",
    picture_by_look={"grid": "240"},
)
