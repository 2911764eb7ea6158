"""record(): one line of the audit log, written inside the action's own transaction."""

from people.models import AuditEntry, Person


def record(actor: Person | None, action: str, target: object = "", **detail) -> AuditEntry:
    """`action` is `area.verb`; `target` is a model instance or a name; `detail` is JSON."""
    name = target if isinstance(target, str) else f"{target._meta.model_name}:{target.pk}"
    return AuditEntry.objects.create(actor=actor, action=action, target=name[:80], detail=detail)
