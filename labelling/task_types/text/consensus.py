"""text: ROVER for transcripts, which are noisy copies of one text; the weighted medoid for captions and translations, which
are several good texts. The numerics and their sources are in `consensus.core.text.rover` and `consensus.core.text.medoid`.

Confidence is the share of the text's words that is expected to be right (medoid: its expected likeness to the truth).
"""

from __future__ import annotations

from consensus.core.answers.skills import WorkerSkills
from consensus.core.text.models import Medoid, Rover, TextModel, newcomers
from consensus.core.text.texts import Texts
from labelling.task_types.merging import columns_of, decided_of, known_ids, learned_of, ppm, truths_of
from labelling.task_types.text.gold import is_right
from labelling.task_types.votes import CROWD, Decided, Learned, Task

METHOD = "text-rover-medoid/2"
MAX_CODE_POINTS = 5000


def decide_many(tasks: list[Task], skills: dict[str, dict], config: dict) -> list[Decided]:
    decisions = _model(config, _known(skills)).decide(_texts(tasks))
    return decided_of(tasks, decisions, _say, is_right, lambda task, one: {})


def learn_skills_of(tasks: list[Task], config: dict) -> dict[str, Learned]:
    """The chance that a word of a writer is right (captions, translations: her texts' likeness to the consensus)."""
    texts = _texts(tasks)
    if not len(texts.worker_ids):
        return {}
    skills = _model(config).fit(texts, gold=truths_of(tasks, lambda truth: truth["text"])).skills
    everybody = Learned(_tables(skills.crowd), _summary(skills.crowd), sum(skills.answers.values()))
    return learned_of(skills, _tables, _summary, everybody)


def _say(task: Task, one) -> dict:
    # Where every word is outvoted by silence there is still an answer: the first in the order of texts.
    return {"text": one.value.strip()[:MAX_CODE_POINTS] or min(vote.value["text"] for vote in task.votes)}


def _texts(tasks: list[Task]) -> Texts:
    return Texts.from_rows(*columns_of(tasks, lambda value: value["text"]), **known_ids(tasks))


def _model(config: dict, skills: WorkerSkills | None = None) -> TextModel:
    return (Rover if config.get("kind", "transcription") == "transcription" else Medoid)(skills=skills)


def _known(skills: dict[str, dict]) -> WorkerSkills:
    rows = {name: {"accuracy": row["accuracy_ppm"] / 1e6, "seen": row["seen"]} for name, row in skills.items()}
    crowd = {**newcomers().crowd, **rows.get(CROWD, {}), "seen": 0.0}
    return WorkerSkills(rows, crowd)


def _tables(row: dict) -> dict:
    return {"accuracy_ppm": ppm(row["accuracy"]), "seen": round(row["seen"])}


def _summary(row: dict) -> dict:
    return {"accuracy_ppm": ppm(row["accuracy"])}
