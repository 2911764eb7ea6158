from labelling.task_types.drawing import Drawing, Row
from labelling.task_types.form.questions import questions_of
from labelling.task_types.form.score import score_of

SCORE = {"en": "Score", "zu": "Amaphuzu"}


def show(value: dict, question: dict) -> Drawing:
    """A row a question, in the reader's language; of a rubric its score, too."""
    answers, language = value["answers"], question.get("language", "en")
    asked = [one for one in questions_of(question, answers) if one.id in answers]
    rows = [
        Row(one.title(language), one.kind.show(answers[one.id], {**one.question, "language": language}), one.id)
        for one in asked
    ]
    if (score := score_of(value, question)) is not None:
        rows.append(Row(SCORE.get(language, SCORE["en"]), Drawing(words=f"{100 * score:.0f} %")))
    return Drawing(rows=rows)
