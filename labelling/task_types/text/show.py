from labelling.task_types.drawing import Drawing
from labelling.task_types.text.changes import changes_of
from labelling.task_types.text.original import original_of


def show(value: dict, question: dict) -> Drawing:
    """Of a text that was rewritten, what is changed, too."""
    original = original_of(question)
    return Drawing(words=value["text"], changes=changes_of(original, value["text"]) if original else None)
