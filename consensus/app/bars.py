"""From which confidence on a label is called sure. Reading only; it is learned in actions/set_bar.py."""

from __future__ import annotations

from typing import Any

from consensus.app.models import Skill
from labelling.models import Project
from labelling.task_types.votes import CROWD


def bar_ppm_of(project: Project, crowd: dict[str, Any] | None = None) -> int:
    """What the project has learned, or its target where it has learned nothing yet. crowd: the crowd's tables, where they are at hand."""
    if crowd is None:
        crowd = Skill.objects.filter(project=project, annotator=CROWD).values_list("tables", flat=True).first() or {}
    bar_ppm = crowd.get("bar_ppm")
    return project.target_ppm if bar_ppm is None else bar_ppm
