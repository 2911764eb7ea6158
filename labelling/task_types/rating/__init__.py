from labelling.task_types.drawing import Grade
from labelling.task_types.settings import words
from labelling.task_types.task_type import TaskType

TYPE = TaskType(
    __name__,
    title={"en": "Rate on a scale", "zu": "Nikeza amaphuzu esikalini"},
    media=frozenset({"image", "text", "audio", "video", "parts"}),
    settings={
        "scale": {
            "enum": [3, 4, 5, 6, 7, 100],
            "default": 5,
            "fixed": True,
            "titles": {"en": "Scale", "zu": "Isikali"},
            "names": {
                **{str(n): {"en": f"1 to {n}", "zu": f"1 kuya ku-{n}"} for n in (3, 4, 5, 6, 7)},
                "100": {"en": "0 to 100, with a slider", "zu": "0 kuya ku-100, ngesilayida"},
            },
        },
        "look": {
            "enum": ["stars", "faces", "numbers"],
            "default": "stars",
            "titles": {"en": "Steps are shown as", "zu": "Izinyathelo ziboniswa njenge"},
            "names": {
                "stars": {"en": "Stars", "zu": "Izinkanyezi"},
                "faces": {"en": "Faces", "zu": "Ubuso"},
                "numbers": {"en": "Numbers", "zu": "Izinombolo"},
            },
        },
        "low": words(40) | {"titles": {"en": "What the lowest means", "zu": "Okushiwo yiphansi kakhulu"}},
        "high": words(40) | {"titles": {"en": "What the highest means", "zu": "Okushiwo yiphezulu kakhulu"}},
        "near": {
            "type": "integer",
            "minimum": 0,
            "maximum": 50,
            "titles": {"en": "Right within", "zu": "Kulungile uma umehluko ungeqi ku"},
            "help": {
                "en": "How far from the truth an answer still counts as right. Empty: the very step, or 5 of 100.",
                "zu": "Impendulo ingaba kude kangakanani neqiniso isalungile. Uma kungenalutho: isinyathelo uqobo, noma u-5 ku-100.",
            },
        },
    },
    scalar="rating",
    draws=Grade,
    picture="640",
)
