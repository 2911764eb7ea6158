"""Create a dataset in a project."""

from __future__ import annotations

from django.db import transaction

from kernel.errors import DomainError
from labelling.models import Dataset, Project
from people.models import Person


@transaction.atomic
def create_dataset(actor: Person, project: Project, name: str) -> Dataset:
    if not name.strip() or len(name) > 120:
        raise DomainError("name must hold 1 to 120 characters.", field="name")
    return Dataset.objects.create(project=project, name=name.strip())
