from labelling.task_types.drawing import Step
from labelling.task_types.parts import Asked
from labelling.task_types.settings import words
from labelling.task_types.task_type import LABELS, TaskType

TYPE = TaskType(
    __name__,
    title={"en": "Find the first wrong step", "zu": "Thola isinyathelo sokuqala esingalungile"},
    media=frozenset({"parts"}),
    settings={
        "labels": LABELS,
        "severity": {
            "type": "integer",
            "minimum": 2,
            "maximum": 5,
            "fixed": True,
            "titles": {"en": "Steps of how bad it is", "zu": "Izinyathelo zokuthi kubi kangakanani"},
            "help": {
                "en": "How bad the mistake is, from 1 to this. Empty: it is not asked.",
                "zu": "Iphutha libi kangakanani, ukusuka ku-1 kuya kulokhu. Uma kungenalutho: akubuzwa.",
            },
        },
        "low": words(40) | {"titles": {"en": "What 1 means", "zu": "Okushiwo u-1"}},
        "high": words(40) | {"titles": {"en": "What the worst means", "zu": "Okushiwo okubi kakhulu"}},
        "near": {
            "type": "integer",
            "minimum": 0,
            "maximum": 5,
            "titles": {"en": "Right within so many steps", "zu": "Kulungile uma izinyathelo zingeqi ku"},
            "help": {
                "en": "How far from the first wrong step an answer still counts as right. Empty: the very step.",
                "zu": "Impendulo ingaba kude kangakanani nesinyathelo leso isalungile. Uma kungenalutho: isinyathelo uqobo.",
            },
        },
    },
    marks="wrong",
    draws=Step,
    asked=Asked(frozenset({"step", "thought", "tool_call", "assistant"})),
)
