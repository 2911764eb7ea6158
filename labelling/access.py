"""The only door to rows of somebody else's: each function fetches, authorises, and locks when asked.

Not yours and not there are the same: NotYours (404). A member of the organisation may read and write, an admin may read.
"""

from __future__ import annotations

from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from labelling.models import Answer, Batch, Dataset, Decision, Item, LabelRequest, Lease, Project, Release, Upload
from labelling.reviewers import reviewer_id
from ledger.sql import fetch, loaded
from people.models import Membership, Person, Worker
from people.refusals import Forbidden, NotYours


def get_worker_for(actor: Person) -> Worker:
    """The actor as a worker; Forbidden for somebody who is none, and for a banned one with the reason."""
    worker = getattr(actor, "worker", None)
    if worker is None:
        raise Forbidden("Only workers label: join as a worker first.", code="not_a_worker")
    if worker.banned_at:
        raise Forbidden(f"Your account may not label now: {worker.ban_reason}", code="banned")
    return worker


def projects_of(actor: Person, *, write: bool = False) -> QuerySet[Project]:
    return _visible(Project.objects.all(), actor, "organisation", write)


def get_project_for(actor: Person, project_id: int, *, write: bool = False, lock: bool = False) -> Project:
    return _get(projects_of(actor, write=write), project_id, lock)


def get_dataset_for(actor: Person, dataset_id: int, *, write: bool = False, lock: bool = False) -> Dataset:
    visible = _visible(Dataset.objects.select_related("project"), actor, "project__organisation", write)
    return _get(visible, dataset_id, lock)


def get_upload_for(actor: Person, upload_id: int, *, write: bool = False) -> Upload:
    visible = _visible(
        Upload.objects.select_related("dataset__project"), actor, "dataset__project__organisation", write
    )
    return _get(visible, upload_id)


def get_item_for(actor: Person, item_id: int, *, write: bool = False) -> Item:
    return _get(_visible(Item.objects.select_related("project"), actor, "project__organisation", write), item_id)


def get_batch_for(actor: Person, batch_id: int, *, write: bool = False, lock: bool = False) -> Batch:
    return _get(
        _visible(Batch.objects.select_related("project"), actor, "project__organisation", write), batch_id, lock
    )


def get_release_for(actor: Person, release_id: int, *, write: bool = False) -> Release:
    return _get(_visible(Release.objects.select_related("project"), actor, "project__organisation", write), release_id)


def get_label_request_for(actor: Person, request_id) -> LabelRequest:
    visible = _visible(LabelRequest.objects.select_related("project"), actor, "project__organisation", False)
    return _get(visible, request_id)


# By hand, because it runs before every draw: building this query with the ORM costs more than running it.
_OPEN_BATCH = """
SELECT b.id, b.assigned, b.project_id, p.gold_share_bps, p.suggestions_enabled
  FROM labelling_batch b JOIN labelling_project p ON p.id = b.project_id
 WHERE b.id = %s AND b.state = 'open'
"""


def get_open_batch(batch_id: int) -> Batch:
    """A batch that workers may draw from; it is everybody's to see while it is open. Fields not read here load when asked for."""
    found = fetch(_OPEN_BATCH, [batch_id])
    if not found:
        raise NotYours()
    [(pk, assigned, project_id, gold_share_bps, suggestions_enabled)] = found
    batch = loaded(Batch, {"id": pk, "state": Batch.State.OPEN, "assigned": assigned, "project_id": project_id})
    values = {"id": project_id, "gold_share_bps": gold_share_bps, "suggestions_enabled": suggestions_enabled}
    batch.project = loaded(Project, values)
    return batch


def get_lease_for(worker: Worker, lease_id) -> Lease:
    """A lease of the worker's own, locked."""
    lease = Lease.objects.select_for_update().filter(pk=lease_id, worker=worker).first()
    if lease is None:
        raise NotYours()
    return lease


_WAITING = Q(sure=False, source=Decision.Source.CROWD)
_REVIEWED = Q(source=Decision.Source.REVIEWER)


def require_review(actor: Person) -> None:
    """A reviewer reviews everywhere, a member what is her organisation's; for everybody else there is nothing here."""
    if not (actor.is_reviewer or Membership.objects.filter(person=actor).exists()):
        raise NotYours()


def decisions_to_review(actor: Person) -> QuerySet[Decision]:
    """Final and not sure, and no reviewer has looked at them."""
    return _reviewable(actor).filter(_WAITING)


def get_decision_to_review(actor: Person, item_id: int, *, lock: bool = False) -> Decision:
    """One that waits for a review, or had one: who comes second is told so."""
    return _get(_reviewable(actor).filter(_WAITING | _REVIEWED), item_id, lock, key="item")


def get_review_of(actor: Person, item_id: int, *, lock: bool = False) -> Decision:
    """A decision that the actor herself made as a reviewer."""
    mine = Q(detail__review__by=reviewer_id(actor))
    return _get(_reviewable(actor).filter(_REVIEWED, mine), item_id, lock, key="item")


def _reviewable(actor: Person) -> QuerySet[Decision]:
    """Nobody judges an item that she answered. An admin reads, and decides nothing."""
    own = Answer.objects.filter(item=OuterRef("item"), worker__person=actor)
    rows = Decision.objects.filter(~Exists(own), final=True, project__archived_at=None).select_related("project")
    return rows if actor.is_reviewer else rows.filter(project__organisation__memberships__person=actor)


def _visible(rows: QuerySet, actor: Person, path: str, write: bool) -> QuerySet:
    if actor.is_staff and not write:
        return rows
    return rows.filter(Q(**{f"{path}__memberships__person": actor}))


def _get(rows: QuerySet, pk: int, lock: bool = False, key: str = "pk") -> Model:
    found = (rows.select_for_update(of=("self",)) if lock else rows).filter(**{key: pk}).first()
    if found is None:
        raise NotYours()
    return found
