"""first_wrong: the mean over what is asked: the step, its kind where there are several, and how bad it is.

Steps agree by one less their distance as a share of all steps ("nothing is wrong" stands behind the last); kinds by being equal, and how
bad by one less the distance as a share of the scale. Of different steps kind and badness agree in nothing.
"""

from labelling.task_types.first_wrong.answer import place_of, steps_of


def agreement(a: dict, b: dict, question: dict) -> float:
    places, config = [place_of(one, question) for one in (a, b)], question["config"]
    same = places[0] == places[1]
    alike = [1 - abs(places[0] - places[1]) / len(steps_of(question))]
    pair = list(zip(a["wrong"], b["wrong"], strict=False)) if same else []
    if len(question["labels"]) > 1:
        alike.append(float(same and all(one["label"] == other["label"] for one, other in pair)))
    if most := config.get("severity"):
        gaps = [abs(one["severity"] - other["severity"]) / (most - 1) for one, other in pair]
        alike.append(1 - sum(gaps) if same else 0.0)
    return sum(alike) / len(alike)
