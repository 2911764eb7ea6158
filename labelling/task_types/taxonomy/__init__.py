from labelling.task_types.drawing import Tag
from labelling.task_types.task_type import TaskType

TREE = {
    "type": "array",
    "minItems": 1,
    "maxItems": 5000,
    "items": {"type": "array"},
    "typed": True,
    "fixed": True,
    "titles": {"en": "Tree of categories", "zu": "Isihlahla sezigaba"},
    "help": {
        "en": "One category a line, those below it indented under it; or a path a line: Clothes > Shirts. Behind a | the same in isiZulu.",
        "zu": "Isigaba esisodwa emugqeni, ezingaphansi kwaso zingene; noma indlela: Clothes > Shirts. Emva kuka-| okufanayo ngesiZulu.",
    },
}

TYPE = TaskType(
    __name__,
    title={"en": "Find the category in a tree", "zu": "Thola isigaba esihlahleni"},
    media=frozenset({"image", "text", "audio", "video", "parts"}),
    settings={
        "tree": TREE,
        "sure": {
            "type": "integer",
            "minimum": 50,
            "maximum": 99,
            "default": 80,
            "titles": {
                "en": "Deepest category that is so sure, in per cent",
                "zu": "Isigaba esijulile esiqiniseke kangaka, ngamaphesenti",
            },
            "help": {
                "en": "Where nobody can be so sure of a category, the one above it is decided.",
                "zu": "Lapho kungekho oqiniseka kangaka ngesigaba, kunqunywa esingaphezulu kwaso.",
            },
        },
    },
    scalar="label",
    draws=Tag,
    config_bytes=400_000,
    picture="640",
)
