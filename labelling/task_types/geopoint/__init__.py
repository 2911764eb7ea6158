from labelling.task_types.drawing import Place
from labelling.task_types.task_type import TaskType

TYPE = TaskType(
    __name__,
    title={"en": "Find the place on the map", "zu": "Thola indawo emephini"},
    media=frozenset({"image", "text", "audio", "video"}),
    settings={
        "near_m": {
            "type": "integer",
            "minimum": 10,
            "maximum": 5_000_000,
            "default": 25_000,
            "titles": {"en": "Right within so many metres", "zu": "Kulungile uma amamitha engeqi ku"},
            "help": {
                "en": "How far from the true place an answer still counts as right. The map shows coasts and borders to about 5 km.",
                "zu": "Impendulo ingaba kude kangakanani nendawo yangempela isalungile. Imephu inemba okungaba ngu-5 km.",
            },
        },
        "latitude": {
            "type": "number",
            "minimum": -85,
            "maximum": 85,
            "titles": {"en": "The map opens at latitude", "zu": "Imephu ivuleka ku-latitude"},
        },
        "longitude": {
            "type": "number",
            "minimum": -180,
            "maximum": 180,
            "titles": {"en": "… and longitude", "zu": "… naku-longitude"},
        },
        "zoom": {
            "type": "integer",
            "minimum": 0,
            "maximum": 14,
            "titles": {"en": "… and zoom", "zu": "… nokusondeza"},
            "help": {
                "en": "0 is the whole world; each step is twice as near. Empty: the world.",
                "zu": "U-0 ngumhlaba wonke; isinyathelo ngasinye sisondeza kabili. Uma kungenalutho: umhlaba.",
            },
        },
    },
    scalar="place",
    draws=Place,
)
