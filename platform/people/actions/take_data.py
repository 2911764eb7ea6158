from collections.abc import Iterator
from datetime import timedelta

from kernel.errors import DomainError
from ledger import clock
from people.audit import record
from people.models import AuditEntry, Person
from people.personal_data import export_person

A_DAY = 5  # each walks through all that she ever did


def take_data(person: Person) -> Iterator[str]:
    """Her own data, a line at a time. Noted, and so often a day."""
    day_ago = clock.now() - timedelta(days=1)
    taken = AuditEntry.objects.filter(actor=person, action="people.export", at__gt=day_ago).count()
    if taken >= A_DAY:
        raise DomainError(
            "You have taken your data along {times} times in a day: come back tomorrow.",
            code="too_many_requests",
            status=429,
            said={"times": A_DAY},
        )
    record(person, "people.export", person)
    return export_person(person)
