"""Write down what a project asks now, as its next version; leases that are lent from then on name it."""

from __future__ import annotations

from labelling.models import Project, QuestionVersion
from proofs import canonical_hash


def question_hash(project: Project) -> str:
    """Of all that a worker is shown beside the item."""
    asked = {name: getattr(project, name) for name in ("task_type", "medium", "title", "instructions", "config")}
    return canonical_hash({"v": "question-1", **asked})


def write_question(project: Project, changes: list[dict] | None = None) -> QuestionVersion:
    """The version of what the project asks now; the one before, if nothing of it has changed. The caller has locked the project,
    and has saved all of it but `question`."""
    sha256 = question_hash(project)
    last = QuestionVersion.objects.filter(project=project).order_by("-number").first()
    if last is None or last.sha256 != sha256:
        asked = {name: getattr(project, name) for name in ("title", "instructions", "config")}
        number = last.number + 1 if last else 1
        last = QuestionVersion.objects.create(
            project=project, number=number, changes=changes or [], sha256=sha256, **asked
        )
    if project.question_id != last.pk:
        project.question = last
        project.save(update_fields=["question"])
    return last
