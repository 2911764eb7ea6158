"""Write what was learned of a project's workers, models and crowd: from then on it decides."""

from __future__ import annotations

from consensus.app.actions.measure_agreement import measure_agreement
from consensus.app.models import Skill
from labelling.models import Project
from labelling.task_types.votes import CROWD, Learned
from labelling.work.new_answers import Look


def publish_skills(project: Project, learned: dict[str, Learned], *, seen: Look) -> None:
    """Inside the caller's transaction. seen: the answers that were there when learning began, for when to learn again; later ones may be
    there by now.

    The crowd's summary also says how far its people agree beyond chance.
    """
    if CROWD in learned:
        agreement = measure_agreement(project, seen.last_seq)
        learned[CROWD].summary.update(answers_seen=seen.answers, last_seq=seen.last_seq, agreement=agreement)
    rows = [
        Skill(
            project=project,
            annotator=name,
            worker_id=int(name.split(":")[1]) if name.startswith("worker:") else None,
            tables=one.tables,
            summary=one.summary,
            answers=one.answers,
        )
        for name, one in sorted(learned.items())
    ]
    Skill.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["project", "annotator"],
        update_fields=["tables", "summary", "answers", "updated_at"],
        batch_size=1000,
    )
