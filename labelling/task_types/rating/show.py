from labelling.task_types.drawing import Drawing
from labelling.task_types.rating.scale import bounds_of
from labelling.task_types.settings import said


def show(value: dict, question: dict) -> Drawing:
    """`4 / 5`, and at an end of the scale what that means."""
    rating, config = value["rating"], question["config"]
    low, high, _step = bounds_of(config)
    end = {low: "low", high: "high"}.get(rating, "")
    meant = said(config.get(end) or {}, question.get("language", "en"))
    return Drawing(words=f"{rating} / {high}" + (f" · {meant}" if meant else ""), number=rating)
