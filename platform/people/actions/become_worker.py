from django.db import transaction

from people.audit import record
from people.models import Person, Worker


@transaction.atomic
def become_worker(person: Person, country: str = "") -> Worker:
    """The person's Worker row, made on the first call; safe to repeat."""
    worker, made = Worker.objects.get_or_create(person=person, defaults={"country": country[:2].upper()})
    if made:
        record(person, "people.become_worker", worker)
    return worker
