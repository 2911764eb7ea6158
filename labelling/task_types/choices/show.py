from labelling.task_types.drawing import Drawing


def show(value: dict, question: dict) -> Drawing:
    """In the order in which the project asks them; what it asks no more comes last."""
    asked = {label: place for place, label in enumerate(question["labels"])}
    return Drawing(labels=sorted(value["labels"], key=lambda label: (asked.get(label, len(asked)), label)))
