"""What a worker's certificate says: her belts with the counts that they are made of, and the exams that she has passed. Reading only."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings

from labelling.batches import pay
from labelling.models import Sitting
from labelling.models.belts import FORMULA, Evidence, evidence_of
from ledger import clock
from people.models import Worker
from proofs.certificates import build_certificate, packed

MOST = 8  # kinds, and exams: more would make a code that no phone reads


@dataclass(frozen=True)
class Certificate:
    body: dict
    signature: str

    @property
    def link(self) -> str:
        """The page that checks it; the document stands behind the #, which no browser sends to anybody."""
        return f"{settings.PUBLIC_URL.rstrip('/')}/app/#/certificate/{packed(self.body, self.signature)}"


def certificate_of(worker: Worker, *, named: bool) -> Certificate:
    """Signed now, of what is so now; nothing of it is kept."""
    body, signature = build_certificate(
        operator=urlsplit(settings.PUBLIC_URL).netloc,
        holder=worker.person.display_name if named and worker.person.display_name else worker.pseudonym,
        made_on=clock.today().isoformat(),
        formula=FORMULA,
        kinds=_kinds(worker),
        exams=_exams(worker),
    )
    return Certificate(body, signature)


def _kinds(worker: Worker) -> list[dict]:
    """Those of which something is known, the surest first."""
    found = sorted(evidence_of(worker).items(), key=lambda row: (-row[1].sure, row[0]))
    return [
        {"task_type": task_type, "medium": medium} | _counts(evidence)
        for (task_type, medium), evidence in found[:MOST]
        if evidence.known
    ]


def _counts(evidence: Evidence) -> dict:
    return {
        "belt": evidence.belt,
        "known": evidence.known,
        "right": evidence.right,
        "decided": evidence.decided,
        "agreed": evidence.agreed,
        "sure_bps": int(evidence.sure * pay.MAX_BPS),
    }


def _exams(worker: Worker) -> list[dict]:
    """The last ones that she has passed."""
    passed = Sitting.objects.filter(worker=worker, passed_at__isnull=False).select_related("project__organisation")
    return [
        {
            "title": one.project.title,
            "by": one.project.organisation.name,
            "task_type": one.project.task_type,
            "medium": one.project.medium,
            "right": one.right,
            "counted": one.counted,
            "passed_on": f"{one.passed_at:%Y-%m-%d}",
        }
        for one in passed.order_by("-passed_at", "-pk")[:MOST]
    ]
