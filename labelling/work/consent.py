"""What of a project's warnings she has agreed to see, kept with her account: a second phone of hers need not ask again."""

from __future__ import annotations

from collections.abc import Collection

from kernel.content_warnings import CATEGORIES
from labelling.models import ContentConsent, Project
from people.models import Worker


def keep_consent(worker: Worker, project_id: int, agrees: Collection[str]) -> None:
    """What she said when she drew; said again, the new word stands."""
    agreed = [one for one in CATEGORIES if one in agrees]
    if agreed:
        row = ContentConsent(worker=worker, project_id=project_id, agreed=agreed)
        ContentConsent.objects.bulk_create(
            [row], update_conflicts=True, unique_fields=["worker", "project"], update_fields=["agreed"]
        )


def agreed_by(worker: Worker, project: Project) -> list[str]:
    """Of what it warns of now; asked of the database only where it warns."""
    if not project.warnings:
        return []
    kept = ContentConsent.objects.filter(worker=worker, project=project).values_list("agreed", flat=True).first()
    return [one for one in project.warnings if one in (kept or ())]
