from labelling.task_types.drawing import Words
from labelling.task_types.task_type import TaskType

TYPE = TaskType(
    __name__,
    title={"en": "Write", "zu": "Bhala"},
    media=frozenset({"image", "text", "audio", "video", "parts"}),
    settings={
        "language": {"type": "string", "examples": ["en"]},
        "kind": {
            "enum": ["transcription", "caption", "translation", "rewrite", "answer"],
            "titles": {"en": "What is written", "zu": "Okubhalwayo"},
            "names": {
                "transcription": {"en": "What is said or stands there", "zu": "Okushiwoyo noma okubhaliwe"},
                "caption": {"en": "What can be seen", "zu": "Okubonakalayo"},
                "translation": {"en": "A translation", "zu": "Ukuhumusha"},
                "rewrite": {"en": "The text of the item, made better", "zu": "Umbhalo wento, wenziwe ngcono"},
                "answer": {"en": "The answer to a question", "zu": "Impendulo yombuzo"},
            },
        },
    },
    scalar="text",
    draws=Words,
    writes_words=True,
)
