"""A promise on a release: asked for, judged label by label, and what has come of it."""

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from console.answer_rendering import label_names, say, show
from console.promise_forms import ReleasePromiseForm, promise
from console.request import Request
from console.view_decorators import attempt, page
from kernel.errors import DomainError
from labelling.access import get_release_for, get_warranty_for
from labelling.models import Item, Warranty
from labelling.releases.download_release import frozen_value
from labelling.releases.judge_label import judge_label, look_at, price_of, signed
from labelling.releases.promise_release import promise_release

CHOICES = {"right": True, "wrong": False}


@page("GET", "HEAD", "POST")
def warranty(request: Request, release_id: int) -> HttpResponse:
    release = get_release_for(request.user, release_id, write=request.method == "POST")
    promised = Warranty.objects.filter(release=release).exists()
    if request.method == "POST":
        if promised:
            attempt(request, lambda: _judge(request, release_id), _("Noted."))
        else:
            asked = ReleasePromiseForm(request.POST)
            promise(request, asked, lambda said: promise_release(request.user, release, **said), _("Noted."))
        return redirect("console:warranty", release_id)
    context = {"project": release.project, "release": release}
    if promised:
        context |= _seen(request, get_warranty_for(request.user, release_id))
    return render(request, "console/warranty.html", context)


@page()
def warranty_file(request: Request, release_id: int) -> HttpResponse:
    promised = get_warranty_for(request.user, release_id)
    response = JsonResponse(signed(promised))
    response["Content-Disposition"] = f'attachment; filename="release-{promised.release.number}-warranty.json"'
    return response


def _judge(request: Request, release_id: int) -> None:
    item, said = request.POST.get("item", ""), request.POST.get("said", "")
    if said not in CHOICES or not (item.isascii() and item.isdigit() and len(item) < 19):
        raise DomainError("said must be right or wrong.", field="said")
    promised = get_warranty_for(request.user, release_id, write=True)
    judge_label(request.user, promised, item=int(item), right=CHOICES[said])


def _seen(request: Request, promise: Warranty) -> dict:
    found = look_at(promise)
    context = {
        "warranty": promise, "found": found, "price": price_of(promise, found), "labels": len(promise.labels),
        "judged": promise.judgements.count(), "left": len(found.to_judge),
        "right": {name: round(1e6 * getattr(found.right, name)) for name in ("value", "low", "high")},
        "bound_ppm": None if found.stands is None else round(1e6 * found.stands.bound),
    }  # fmt: skip
    if not found.to_judge:
        return context
    project = promise.release.project
    item = Item.objects.select_related("media").get(pk=promise.labels[found.to_judge[0]][0])
    said = say(project, frozen_value(promise.release, item.pk), label_names(project, request.LANGUAGE_CODE), item)
    return context | {"item": item, "shown": show(item), "said": said}
