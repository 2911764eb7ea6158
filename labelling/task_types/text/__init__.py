from labelling.task_types.cells import Cell
from labelling.task_types.task_type import TaskType

TYPE = TaskType(
    __name__,
    title={"en": "Write", "zu": "Bhala"},
    media=frozenset({"image", "text", "audio"}),
    settings={
        "language": {"type": "string", "examples": ["en"]},
        "kind": {"enum": ["transcription", "caption", "translation"]},
    },
    scalar="text",
    cells=(Cell("text", "words"),),
    writes_words=True,
)
