"""The only door to rows of somebody else's: each function fetches, authorises, and locks when asked.

Not yours and not there are the same: NotFound (404). A member of the organisation may read and write, an admin may read.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TypeVar
from uuid import UUID

from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from kernel.content_warnings import CATEGORIES
from kernel.errors import Forbidden, NotFound
from labelling.models import (
    Answer,
    Appeal,
    Ban,
    Batch,
    Dataset,
    Decision,
    Estimate,
    Item,
    LabelRequest,
    Lease,
    Post,
    Project,
    Rating,
    Release,
    TaskQuestion,
    Team,
    TeamLink,
    TeamMember,
    Upload,
    UploadSession,
    Warranty,
)
from labelling.models.drawable import drawable_of
from labelling.models.gold_appeals import GoldAppeal
from labelling.models.refuse_draw import refuse_draw
from labelling.models.reviewers import reviewer_id
from labelling.models.teams import for_team_of
from labelling.models.voices import told_ratings
from people.access import CHANGES, ONLY_LOOKS
from people.models import Membership, Person, Worker

Row = TypeVar("Row", bound=Model)


def get_worker_for(actor: Person) -> Worker:
    """The actor as a worker; Forbidden for somebody who is none. A banned one keeps her leases, her money and her history."""
    worker = getattr(actor, "worker", None)
    if worker is None:
        raise Forbidden("Only workers label: join as a worker first.", code="not_a_worker")
    return worker


def projects_of(actor: Person, *, write: bool = False) -> QuerySet[Project]:
    return _visible(Project.objects.all(), actor, "organisation", write)


def get_project_for(actor: Person, project_id: int, *, write: bool = False, lock: bool = False) -> Project:
    return _mine(Project.objects.all(), actor, "organisation", project_id, write, lock)


def get_dataset_for(actor: Person, dataset_id: int, *, write: bool = False, lock: bool = False) -> Dataset:
    return _mine(Dataset.objects.select_related("project"), actor, "project__organisation", dataset_id, write, lock)


def get_upload_for(actor: Person, upload_id: int, *, write: bool = False, lock: bool = False) -> Upload:
    rows = Upload.objects.select_related("dataset__project")
    return _mine(rows, actor, "dataset__project__organisation", upload_id, write, lock)


def get_upload_session_for(actor: Person, session_id, *, write: bool = False, lock: bool = False) -> UploadSession:
    rows = UploadSession.objects.select_related("dataset__project")
    return _mine(rows, actor, "dataset__project__organisation", session_id, write, lock)


def get_item_for(actor: Person, item_id: int, *, write: bool = False) -> Item:
    return _mine(Item.objects.select_related("project"), actor, "project__organisation", item_id, write)


def get_batch_for(actor: Person, batch_id: int, *, write: bool = False, lock: bool = False) -> Batch:
    return _mine(Batch.objects.select_related("project"), actor, "project__organisation", batch_id, write, lock)


def get_release_for(actor: Person, release_id: int, *, write: bool = False) -> Release:
    return _mine(Release.objects.select_related("project"), actor, "project__organisation", release_id, write)


def get_warranty_for(actor: Person, release_id: int, *, write: bool = False) -> Warranty:
    release = get_release_for(actor, release_id, write=write)
    warranty = Warranty.objects.select_related("release__project").filter(release=release).first()
    if warranty is None:
        raise NotFound
    return warranty


def get_estimate_for(actor: Person, estimate_id: int, *, write: bool = False) -> Estimate:
    rows = Estimate.objects.select_related("project", "batch")
    return _mine(rows, actor, "project__organisation", estimate_id, write)


def get_label_request_for(actor: Person, request_id) -> LabelRequest:
    visible = _visible(LabelRequest.objects.select_related("project"), actor, "project__organisation", False)
    return _get(visible, request_id)


def get_open_batch_for(
    worker: Worker, batch_id: int, draw_id: UUID | None = None, *, agrees: Collection[str] = CATEGORIES
) -> Batch:
    """A batch that the worker may draw from: every open one, unless she is banned there, belongs to its organisation, its money was
    taken back, or it may show what she avoids. A draw that lent already is no new one: she may ask for its leases again.
    agrees: what she has read that she may see; who renews what she holds said so when she drew it."""
    found = drawable_of(worker, batch_id, draw_id)
    if found is None:
        raise NotFound()
    if not found.lent_before:
        refuse_draw(worker, found, set(agrees))
    return found.batch()


def get_offered_batch_for(worker: Worker, batch_id: int) -> Batch:
    """A batch whose offer the worker may read in full: every open one but those of a team that is not hers, and those of which she has
    had tasks."""
    had = Exists(Lease.objects.filter(batch=OuterRef("pk"), worker=worker))
    rows = Batch.objects.filter(Q(state=Batch.State.OPEN) & for_team_of(worker, "project__") | had).select_related(
        "project__organisation"
    )
    return _get(rows, batch_id)


def get_exam_for(worker: Worker, batch_id: int) -> Batch:
    """An exam that the worker may read of: an open one, or one that she has sat."""
    had = Exists(Lease.objects.filter(batch=OuterRef("pk"), worker=worker))
    rows = Batch.objects.filter(Q(state=Batch.State.OPEN) & for_team_of(worker, "project__") | had, exam_tasks__gt=0)
    return _get(rows.select_related("project"), batch_id)


def get_open_exam_for(worker: Worker, batch_id: int) -> Batch:
    """An exam that she may draw from: not banned there, and of no organisation of hers."""
    get_open_batch_for(worker, batch_id)
    return get_exam_for(worker, batch_id)


def get_worked_project_for(worker: Worker, project_id: int) -> Project:
    """A project that the worker may see: one with an open batch, unless it is for a team that is not hers, or of which she has had
    tasks."""
    had = Exists(Lease.objects.filter(batch__project=OuterRef("pk"), worker=worker))
    opened = Exists(Batch.objects.filter(project=OuterRef("pk"), state=Batch.State.OPEN))
    return _get(Project.objects.filter(opened & for_team_of(worker, "") | had), project_id)


def get_rating_for(actor: Person, rating_id: int) -> Rating:
    """To be answered by who changes its project, once it is told at all; locked."""
    rows = told_ratings().select_related("project")
    return _mine(rows, actor, "project__organisation", rating_id, True, True)


def get_task_question_for(actor: Person, question_id: int) -> TaskQuestion:
    """To be answered by who changes its project; locked."""
    rows = TaskQuestion.objects.select_related("project")
    return _mine(rows, actor, "project__organisation", question_id, True, True)


def get_post_for(worker: Worker, post_id: int) -> Post:
    """Words in a thread that the worker may read."""
    post = _get(Post.objects.filter(taken_down_at=None), post_id)
    get_worked_project_for(worker, post.project_id)
    return post


def get_thread_post_for(actor: Person, post_id: int) -> Post:
    """Words in the thread of an organisation's project; an admin's, of any."""
    rows = Post.objects.filter(taken_down_at=None).select_related("project")
    return _mine(rows, actor, "project__organisation", post_id)


def get_reported_post_for(actor: Person, post_id: int) -> Post:
    """To be decided by an admin; locked."""
    return _get(Post.objects.all() if actor.is_staff else Post.objects.none(), post_id, True)


def get_team_for(actor: Person, team_id: int, *, write: bool = False) -> Team:
    return _mine(Team.objects.select_related("organisation"), actor, "organisation", team_id, write)


def get_team_link_for(actor: Person, link_id: int) -> TeamLink:
    """To be ended by who changes its team; locked."""
    return _mine(TeamLink.objects.all(), actor, "team__organisation", link_id, True, True)


def get_team_member_for(actor: Person, member_id: int) -> TeamMember:
    """To be taken out by who changes the team; locked."""
    return _mine(TeamMember.objects.all(), actor, "team__organisation", member_id, True, True)


def get_lease_for(worker: Worker, lease_id) -> Lease:
    """A lease of the worker's own, locked."""
    lease = Lease.objects.select_for_update().filter(pk=lease_id, worker=worker).first()
    if lease is None:
        raise NotFound()
    return lease


def bans_of(worker: Worker) -> QuerySet[Ban]:
    return Ban.objects.filter(worker=worker).select_related("project", "appeal")


def get_ban_for(worker: Worker, ban_id: int, *, lock: bool = False) -> Ban:
    """A ban of the worker's own."""
    return _get(Ban.objects.filter(worker=worker), ban_id, lock)


def get_any_ban_for(actor: Person, ban_id: int, *, lock: bool = False) -> Ban:
    """A ban, for an admin; for everybody else there is nothing here."""
    rows = Ban.objects.all() if actor.is_staff else Ban.objects.none()
    return _get(rows.select_related("worker__person", "project", "made_by", "lifted_by"), ban_id, lock)


def get_appeal_for(actor: Person, ban_id: int, *, lock: bool = False) -> Appeal:
    """The appeal against a ban, for an admin."""
    rows = Appeal.objects.all() if actor.is_staff else Appeal.objects.none()
    return _get(rows.select_related("ban__worker"), ban_id, lock, key="ban")


def get_answer_for(worker: Worker, answer_id) -> Answer:
    """An answer of the worker's own."""
    return _get(Answer.objects.filter(worker=worker), answer_id)


def require_gold_appeals(actor: Person) -> None:
    if not (actor.is_reviewer or actor.is_staff):
        raise NotFound()


def gold_appeals_for(actor: Person) -> QuerySet[GoldAppeal]:
    """Appeals against missed known tasks that a reviewer or an admin may decide: not of an organisation that she belongs to, nor
    the worker with her, not her own, not about an item that she answered, and not where she was the first of two to look."""
    if not (actor.is_reviewer or actor.is_staff):
        return GoldAppeal.objects.none()
    own = Answer.objects.filter(item=OuterRef("answer__item"), worker__person=actor)
    involved = Membership.objects.filter(person=actor, organisation=OuterRef("answer__project__organisation"))
    fellow = Membership.objects.filter(person=actor, organisation__memberships__person=OuterRef("worker__person"))
    rows = GoldAppeal.objects.filter(~Exists(own), ~Exists(involved), ~Exists(fellow))
    rows = rows.exclude(first_by=actor, decided_at=None)
    return rows.select_related("answer__project", "answer__item__media", "answer__item__gold")


def get_gold_appeal_for(actor: Person, answer_id, *, lock: bool = False) -> GoldAppeal:
    return _get(gold_appeals_for(actor), answer_id, lock, key="answer")


_WAITING = Q(sure=False, source=Decision.Source.CROWD)
_REVIEWED = Q(source=Decision.Source.REVIEWER)


def require_review(actor: Person) -> None:
    """A reviewer reviews everywhere, a member what is her organisation's; for everybody else there is nothing here."""
    if not (actor.is_reviewer or Membership.objects.filter(person=actor, role__in=CHANGES).exists()):
        raise NotFound()


def decisions_to_review(actor: Person) -> QuerySet[Decision]:
    """Final and not sure, and no reviewer has looked at them."""
    return _reviewable(actor).filter(_WAITING)


def get_decision_to_review(actor: Person, item_id: int, *, lock: bool = False) -> Decision:
    """One that waits for a review, or had one: who comes second is told so."""
    return _get(_reviewable(actor).filter(_WAITING | _REVIEWED), item_id, lock, key="item")


def get_decision_to_correct(actor: Person, item_id: int, *, lock: bool = False) -> Decision:
    """Any decision of her organisation's; a reviewer's, of any. Not of an item that she answered herself."""
    return _get(_reviewable(actor, decided=False), item_id, lock, key="item")


def get_review_of(actor: Person, item_id: int, *, lock: bool = False) -> Decision:
    """A decision that the actor herself made as a reviewer."""
    mine = Q(detail__review__by=reviewer_id(actor))
    return _get(_reviewable(actor).filter(_REVIEWED, mine), item_id, lock, key="item")


def _reviewable(actor: Person, *, decided: bool = True) -> QuerySet[Decision]:
    """Nobody judges an item that she answered. An admin reads, and decides nothing."""
    own = Answer.objects.filter(item=OuterRef("item"), worker__person=actor)
    rows = Decision.objects.filter(~Exists(own), project__archived_at=None, item__archived_at=None).select_related(
        "project"
    )
    rows = rows.filter(final=True) if decided else rows
    return (
        rows
        if actor.is_reviewer
        else rows.filter(
            project__organisation__memberships__person=actor, project__organisation__memberships__role__in=CHANGES
        )
    )


def _visible(rows: QuerySet[Row], actor: Person, path: str, write: bool) -> QuerySet[Row]:
    if actor.is_staff and not write:
        return rows
    member = {f"{path}__memberships__person": actor}
    return rows.filter(**member, **({f"{path}__memberships__role__in": CHANGES} if write else {}))


def _mine(rows: QuerySet[Row], actor: Person, path: str, pk, write: bool = False, lock: bool = False) -> Row:
    """The row, or the refusal: a viewer, who may see it, is told that she only looks; to others it is not there."""
    try:
        return _get(_visible(rows, actor, path, write), pk, lock)
    except NotFound:
        if write and rows.filter(**{"pk": pk, f"{path}__memberships__person": actor}).exists():
            raise Forbidden(ONLY_LOOKS, code="only_looks") from None
        raise


def _get(rows: QuerySet[Row], pk: int, lock: bool = False, key: str = "pk") -> Row:
    found = (rows.select_for_update(of=("self",)) if lock else rows).filter(**{key: pk}).first()
    if found is None:
        raise NotFound()
    return found
