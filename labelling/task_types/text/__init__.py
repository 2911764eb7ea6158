from labelling.task_types.task_type import TaskType

TYPE = TaskType(
    __name__,
    title={"en": "Write", "zu": "Bhala"},
    media=frozenset({"image", "text", "audio", "video", "parts"}),
    settings={
        "language": {"type": "string", "examples": ["en"]},
        "kind": {
            "enum": ["transcription", "caption", "translation"],
            "titles": {"en": "What is written", "zu": "Okubhalwayo"},
            "names": {
                "transcription": {"en": "What is said or stands there", "zu": "Okushiwoyo noma okubhaliwe"},
                "caption": {"en": "What can be seen", "zu": "Okubonakalayo"},
                "translation": {"en": "A translation", "zu": "Ukuhumusha"},
            },
        },
    },
    scalar="text",
    writes_words=True,
)
