"""form: right when at least three quarters of the questions that the truth or she answers are right, each as its own type has it."""

from labelling.task_types.form.questions import questions_of

MIN_RIGHT = 0.75


def is_right(value: dict, truth: dict, question: dict) -> bool:
    return share_right(value, truth, question) >= MIN_RIGHT


def share_right(value: dict, truth: dict, question: dict) -> float:
    said, true = value["answers"], truth["answers"]
    asked = [one for one in questions_of(question, said, true) if one.id in said or one.id in true]
    right = [
        one.id in said and one.id in true and one.kind.is_right(said[one.id], true[one.id], one.question)
        for one in asked
    ]
    return sum(right) / len(right) if right else 1.0
