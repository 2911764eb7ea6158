"""form: the mean over the questions that either has answered, each as its own type measures it; answered by one only: none."""

from labelling.task_types.form.questions import questions_of


def agreement(a: dict, b: dict, question: dict) -> float:
    mine, hers = a["answers"], b["answers"]
    asked = [one for one in questions_of(question, mine, hers) if one.id in mine or one.id in hers]
    if not asked:
        return 1.0
    both = [one for one in asked if one.id in mine and one.id in hers]
    return sum(one.kind.agreement.agreement(mine[one.id], hers[one.id], one.question) for one in both) / len(asked)
