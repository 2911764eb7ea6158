"""first_wrong: right is the step that is known, or one as near as the project says, of the kind that is known. How bad it is, is a
matter of judgement."""

from labelling.task_types.first_wrong.answer import place_of


def is_right(value: dict, truth: dict, question: dict) -> bool:
    if bool(value["wrong"]) != bool(truth["wrong"]):
        return False
    off = abs(place_of(value, question) - place_of(truth, question))
    kinds = [[one["label"] for one in each["wrong"]] for each in (value, truth)]
    return off <= question["config"].get("near", 0) and kinds[0] == kinds[1]
