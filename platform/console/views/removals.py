"""Closing and taking away: each asks first, and says what happens then."""

from collections.abc import Callable

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from console.request import Request
from console.templatetags.console import money
from console.view_decorators import attempt, page
from labelling.access import get_batch_for, get_dataset_for, get_item_for, get_project_for, get_release_for
from labelling.batches.close_batch import close_batch
from labelling.batches.closing import closing_of
from labelling.batches.remove_batch import remove_batch
from labelling.data.remove import remove_dataset, remove_items, worked_on
from labelling.models import Batch, Item, Project
from labelling.projects.archive_project import archive_project, bring_back_project
from labelling.releases.remove_release import remove_release


def ask(request: Request, *, title: str, says: list[str], key: str, back: str) -> HttpResponse:
    """The page that asks: what happens, the key that does it, and the way back."""
    return render(request, "console/ask.html", {"title": title, "says": says, "key": key, "back": back})


def _done(request: Request, verb: Callable[[], object], said: str, back: str, onward: str) -> HttpResponse:
    return redirect(onward if attempt(request, verb, said) else back)


@page("GET", "HEAD", "POST")
def close(request: Request, batch_id: int) -> HttpResponse:
    here = reverse("console:batch", args=[batch_id])
    if request.method == "POST":

        def verb():
            close_batch(request.user, get_batch_for(request.user, batch_id, write=True))

        return _done(
            request, verb, _("The batch is closed. What nobody can claim comes back to your funds."), here, here
        )
    batch = get_batch_for(request.user, batch_id, write=True)
    if batch.state != Batch.State.OPEN:
        return redirect(here)
    title = _("Close “%(name)s”?") % {"name": batch.name}
    return ask(request, title=title, says=_says_closing(batch), key=_("Close the batch"), back=here)


def _says_closing(batch: Batch) -> list[str]:
    closing = closing_of(batch)
    back, kept = (money(micro, closing.currency) for micro in (closing.returned_micro, closing.claimable_micro))
    says = [
        _(
            "Nobody is asked any more. A closed batch cannot be opened again; what it leaves open can be offered in a new one."
        )
    ]
    if closing.undecided:
        n = closing.undecided
        says.append(ngettext("%(n)s item is not decided yet.", "%(n)s items are not decided yet.", n) % {"n": f"{n:,}"})
    says.append(_("%(m)s come back to your funds in a moment.") % {"m": back})
    if closing.claimable_micro:
        n = closing.leases_out
        out = ngettext(
            "%(n)s task is in a worker's hands: it may still be answered, and is paid.",
            "%(n)s tasks are in workers' hands: they may still be answered, and are paid.",
            n,
        )
        says += [out % {"n": f"{n:,}"}] if n else []
        says.append(
            _("%(m)s stay for pay that can still be claimed; what of it nobody claims comes back later.") % {"m": kept}
        )
    return says


@page("GET", "HEAD", "POST")
def batch(request: Request, batch_id: int) -> HttpResponse:
    found = get_batch_for(request.user, batch_id, write=True)
    here, onward = reverse("console:batch", args=[batch_id]), reverse("console:batches", args=[found.project_id])
    if request.method == "POST":

        def verb():
            remove_batch(request.user, get_batch_for(request.user, batch_id, write=True, lock=True))

        return _done(request, verb, _("The batch is gone from your lists."), here, onward)
    says = [_("A draft is deleted: no money was in it.")]
    if found.state != Batch.State.DRAFT:
        says = [_("It leaves your lists. Its answers, its labels and what was paid for them stay.")]
    title = _("Take away “%(name)s”?") % {"name": found.name}
    return ask(request, title=title, says=says, key=_("Take it away"), back=here)


@page("GET", "HEAD", "POST")
def release(request: Request, release_id: int) -> HttpResponse:
    found = get_release_for(request.user, release_id, write=True)
    here = reverse("console:releases", args=[found.project_id])
    if request.method == "POST":
        said = _("The release is gone.")
        return _done(request, lambda: remove_release(request.user, found), said, here, here)
    says = [
        _("Its file is deleted, and nobody can download it any more. The labels themselves stay."),
        _("Its number and its hash stay in the audit log."),
    ]
    title = _("Take away release %(n)s?") % {"n": found.number}
    return ask(request, title=title, says=says, key=_("Take it away"), back=here)


@page("GET", "HEAD", "POST")
def item(request: Request, item_id: int) -> HttpResponse:
    found = get_item_for(request.user, item_id, write=True)
    here, onward = reverse("console:item", args=[item_id]), reverse("console:items", args=[found.project_id])
    if request.method == "POST":
        said = _("The item is gone from your lists.")
        return _done(request, lambda: remove_items(request.user, found.project, [found.pk]), said, here, onward)
    says = _says_of(Item.objects.filter(pk=found.pk))
    return ask(request, title=_("Take away “%(name)s”?") % {"name": found}, says=says, key=_("Take it away"), back=here)


@page("GET", "HEAD", "POST")
def dataset(request: Request, dataset_id: int) -> HttpResponse:
    found = get_dataset_for(request.user, dataset_id, write=True)
    here = reverse("console:data", args=[found.project_id])
    if request.method == "POST":
        said = _("The dataset is gone from your lists.")
        return _done(request, lambda: remove_dataset(request.user, found), said, here, here)
    says = _says_of(Item.objects.filter(dataset=found, archived_at=None))
    title = _("Take away “%(name)s” with all its items?") % {"name": found.name}
    return ask(request, title=title, says=says, key=_("Take it away"), back=here)


def _says_of(items) -> list[str]:
    kept = items.filter(worked_on()).count()
    gone = items.count() - kept
    known = items.filter(Q(gold__retired_at=None, gold__isnull=False)).count()
    says = []
    if gone:
        said = ngettext("%(n)s item is deleted.", "%(n)s items are deleted.", gone)
        says.append(said % {"n": f"{gone:,}"})
    if kept:
        said = ngettext(
            "%(n)s item has answers or a decision: it leaves your lists and your next releases; what was paid and proved stays.",
            "%(n)s items have answers or a decision: they leave your lists and your next releases; what was paid and proved stays.",
            kept,
        )
        says.append(said % {"n": f"{kept:,}"})
    if known:
        said = ngettext("%(n)s known task is retired.", "%(n)s known tasks are retired.", known)
        says.append(said % {"n": f"{known:,}"})
    return [*says, _("What is on offer goes off it: what a worker holds may still be answered, and is paid.")]


@page("GET", "HEAD", "POST")
def project(request: Request, project_id: int) -> HttpResponse:
    """Archive it; from an archive, bring it back."""
    found = get_project_for(request.user, project_id, write=True, lock=False)
    here, onward = reverse("console:project", args=[project_id]), reverse("console:projects")
    if request.method == "POST":
        return _turn(request, found, here, onward)
    says = (
        _says_archiving(found)
        if found.archived_at is None
        else [_("It is in your lists again. Its batches stay closed.")]
    )
    title = _("Archive “%(name)s”?") if found.archived_at is None else _("Bring back “%(name)s”?")
    key = _("Archive the project") if found.archived_at is None else _("Bring it back")
    return ask(request, title=title % {"name": found.title}, says=says, key=key, back=here)


def _turn(request: Request, found: Project, here: str, onward: str) -> HttpResponse:
    def verb():
        locked = get_project_for(request.user, found.pk, write=True, lock=True)
        (archive_project if locked.archived_at is None else bring_back_project)(request.user, locked)

    if found.archived_at is None:
        return _done(request, verb, _("The project is archived."), here, onward)
    return _done(request, verb, _("The project is in your lists again."), here, here)


def _says_archiving(found: Project) -> list[str]:
    open_now = list(Batch.objects.filter(project=found, state=Batch.State.OPEN).order_by("pk"))
    says = [_("It leaves your lists, with its data, labels and releases. Nothing is deleted: you can bring it back.")]
    for batch in open_now:
        back = money(closing_of(batch).returned_micro, batch.currency)
        said = _("The batch “%(name)s” is closed: what workers hold is paid, and %(m)s come back in a moment.")
        says.append(said % {"name": batch.name, "m": back})
    return says
