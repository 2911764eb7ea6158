"""The thread of a project, for who asks; and, for admins, what was reported in any thread."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from console.paging import page_of
from console.request import Request
from console.view_decorators import attempt, page
from labelling.access import get_project_for, get_reported_post_for, get_thread_post_for
from labelling.conduct.talk import MAX_WORDS, decide_post, posts_of, report_post, reported_posts, say_as_requester


@page("GET", "HEAD", "POST")
def thread(request: Request, project_id: int) -> HttpResponse:
    if request.method == "POST":
        with transaction.atomic():
            project = get_project_for(request.user, project_id, write=True, lock=True)
            words = str(request.POST.get("words", ""))
            done = _("It stands there: everybody who does this work reads it.")
            attempt(request, lambda: say_as_requester(request.user, project, words), done)
        return redirect("console:thread", project_id)
    project = get_project_for(request.user, project_id)
    found = page_of(posts_of(project), request, 20)
    return render(request, "console/thread.html", {"project": project, "page": found, "most": MAX_WORDS})


@page("POST")
def report(request: Request, post_id: int) -> HttpResponse:
    post = get_thread_post_for(request.user, post_id)
    attempt(request, lambda: report_post(request.user, post), _("An admin looks at it."))
    return redirect("console:thread", post.project_id)


@page(role="admin")
def reported(request: Request) -> HttpResponse:
    return render(request, "console/reported_posts.html", {"posts": reported_posts()})


@page("POST", role="admin")
def decide(request: Request, post_id: int) -> HttpResponse:
    take_down = request.POST.get("act") == "take_down"
    with transaction.atomic():
        post = get_reported_post_for(request.user, post_id)
        done = _("It is taken down.") if take_down else _("It stays.")
        attempt(request, lambda: decide_post(request.user, post, take_down=take_down), done)
    return redirect("console:reported_posts")
