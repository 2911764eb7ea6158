"""A requester asks for a promise on a release: "at most e of these labels are wrong". docs/decisions/warranty.md"""

from __future__ import annotations

from django.db import transaction

from consensus.core.guarantees.frozen_labels import labels_of
from kernel.errors import Conflict, DomainError
from labelling.models import Release, Warranty
from labelling.projects.promise_bounds import check_promise
from labelling.releases.download_release import frozen
from people.audit import record
from people.models import Person

MOST_LABELS = 200_000


@transaction.atomic
def promise_release(
    actor: Person,
    release: Release,
    *,
    error_ppm: int,
    confidence_ppm: int = 950_000,
    reference_error_ppm: int = 0,
    draws: int = 300,
    budget: int | None = None,
) -> Warranty:
    """budget: judgements that it may cost, at most; as many as there are labels where it is not said. The caller has authorised the
    release."""
    said = {
        "error_ppm": error_ppm, "confidence_ppm": confidence_ppm, "reference_error_ppm": reference_error_ppm, "draws": draws,
    }  # fmt: skip
    check_promise(said | ({} if budget is None else {"budget": budget}))
    Release.objects.select_for_update().get(pk=release.pk)
    if Warranty.objects.filter(release=release).exists():
        raise Conflict("This release has a promise already.", field="release", code="promised")
    labels = _labels(release)
    warranty = Warranty.objects.create(
        release=release, error_ppm=error_ppm, confidence_ppm=confidence_ppm, reference_ppm=reference_error_ppm, draws=draws,
        budget=len(labels) if budget is None else budget, labels=labels, created_by=actor,
    )  # fmt: skip
    record(actor, "release.promise", release, **said)
    return warranty


def _labels(release: Release) -> list[tuple[int, int]]:
    if release.state != "ready" or release.archived_at is not None:
        raise Conflict("A promise needs a release that is ready.", field="release", code="not_ready")
    if release.items > MOST_LABELS:
        raise DomainError(
            "A promise is made on {most} labels at most: make a smaller release.",
            field="release",
            said={"most": MOST_LABELS},
        )
    if not (labels := labels_of(frozen(release).lines())):
        raise DomainError("This release holds no label that a promise could be made on.", field="release")
    return labels
