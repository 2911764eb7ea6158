"""choices: how well each worker finds each label, and how often she names one that is not there; labels that go together, and how many
an item has. The model and its sources: consensus.core.sets.multilabel.

Confidence is the chance that the whole set is right; the chance of each label stands in the detail, for soft labels.
"""

from __future__ import annotations

from consensus.core.answers.decisions import Decision
from consensus.core.answers.skills import WorkerSkills
from consensus.core.sets.models import MultiLabel
from consensus.core.sets.sets import Sets
from labelling.task_types.choices.gold import is_right
from labelling.task_types.merging import columns_of, decided_of, known_ids, label_ids, learned_of, ppm, truths_of
from labelling.task_types.votes import CROWD, Decided, Learned, Task

METHOD = "choices-multilabel/1"
OWN = ("sensitivity", "specificity", "overall")


def decide_many(tasks: list[Task], skills: dict[str, dict], config: dict) -> list[Decided]:
    labels = label_ids(config)
    decisions = MultiLabel(skills=_known(skills, labels)).decide(_sets(tasks, labels))
    none, most = config.get("none", True), config.get("most") or len(labels)

    def say(task: Task, one: Decision) -> dict:
        chosen, chances = set(one.value), dict(zip(labels, one.detail["posteriors"].tolist(), strict=True))
        likeliest = sorted(labels, key=lambda label: -chances[label])
        if not chosen and not none:
            chosen = {likeliest[0]}
        return {"labels": sorted(likeliest[:most] if len(chosen) > most else chosen)}

    return decided_of(tasks, decisions, say, is_right, lambda task, one: _detail(labels, one))


def _detail(labels: list[str], one: Decision) -> dict:
    """labels: the chance that each is there, ppm."""
    chances = one.detail["posteriors"].tolist()
    return {"detail": {"labels": {label: ppm(chance) for label, chance in zip(labels, chances, strict=True)}}}


def learn_skills_of(tasks: list[Task], config: dict) -> dict[str, Learned]:
    """Of every annotator and of the crowd: how often a label that is there is found, and one that is not is left out."""
    labels, truths = label_ids(config), truths_of(tasks, lambda truth: truth["labels"])
    sets = _sets(tasks, labels)
    if not sets.n_answers:
        return {}
    known = {place: set(truth) & set(labels) for place, truth in truths.items()}
    skills = MultiLabel().fit(sets, gold=known).skills
    crowd = {**skills.crowd, "accuracy": sum(skills.crowd["overall"]) / 2}
    everybody = Learned({"label_ids": labels, **skills.crowd}, _summary(crowd), sum(skills.answers.values()))
    return learned_of(skills, lambda row: {"label_ids": labels, **{k: row[k] for k in OWN}}, _summary, everybody)


def _summary(row: dict) -> dict:
    found, left_out = row["overall"]
    return {"accuracy_ppm": ppm(row["accuracy"]), "recall_ppm": ppm(found), "specificity_ppm": ppm(left_out)}


def _sets(tasks: list[Task], labels: list[str]) -> Sets:
    asked = set(labels)
    rows = columns_of(tasks, lambda value: [label for label in value["labels"] if label in asked])
    return Sets.from_rows(*rows, labels=labels, **known_ids(tasks))


def _known(skills: dict[str, dict], labels: list[str]) -> WorkerSkills:
    """Skills for these labels; whoever is unknown works as the crowd does, and before anything is known as people do."""
    fitting = {name: row for name, row in skills.items() if row.get("label_ids") == labels}
    crowd = fitting.pop(CROWD, None) or MultiLabel.newcomers(labels).crowd
    own = {name: {key: row[key] for key in OWN} for name, row in fitting.items()}
    return WorkerSkills(own, {key: value for key, value in crowd.items() if key != "label_ids"}, labels=labels)
