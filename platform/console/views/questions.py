"""What is asked: change it, see what a change of labels touches before it is made, ask again, try it as a worker does."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import FileResponse, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin

from consensus.app.actions.ask_again import ask_again as ask_items_again
from consensus.app.actions.ask_again import askable, cost_of, last_terms
from console.answer_rendering import label_names, say, show
from console.forms import refuse
from console.paging import page_of
from console.question_forms import AgainForm, EditForm, read_labels, rows_of
from console.request import Request
from console.view_decorators import page, typed
from kernel.errors import DomainError
from labelling import task_types
from labelling.access import get_project_for
from labelling.models import Gold, Item, Project, QuestionVersion
from labelling.models.golds import with_figures
from labelling.projects.change_labels import change_labels, golds_with
from labelling.projects.choose_items import chosen_items
from labelling.projects.edit_project import edit_project
from labelling.projects.question_effects import effect_of


@page("GET", "HEAD", "POST")
def question(request: Request, project_id: int) -> HttpResponse:
    is_post = request.method == "POST"
    project = get_project_for(request.user, project_id, write=is_post)
    form = EditForm(typed(request), project=project)
    if is_post and form.is_valid():
        try:
            with transaction.atomic():
                locked = get_project_for(request.user, project_id, write=True, lock=True)
                edit_project(request.user, locked, **form.changes(locked))
        except DomainError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("Saved. Tasks that are lent from now on ask it so."))
            return redirect("console:question", project_id)
    return _question_page(request, project, form, status=400 if form.errors else 200)


def _question_page(
    request: Request, project: Project, form: EditForm, refusal: DomainError | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "project": project,
        "form": form,
        "rows": rows_of(project) if project.config.get("labels") else [],
        "names": label_names(project, request.LANGUAGE_CODE),
        "labels": project.config.get("labels", []),
        "past": project.past_labels,
        "is_composed": task_types.get(project.task_type).is_composed,
        "refusal": refusal,
        "page": page_of(QuestionVersion.objects.filter(project=project), request, 10),
    }
    return render(request, "console/question.html", context, status=status)


@page("POST")
def labels(request: Request, project_id: int) -> HttpResponse:
    """Shown first, with what it touches; done when she says so."""
    with transaction.atomic():
        project = get_project_for(request.user, project_id, write=True, lock=True)
        wanted = read_labels(project, request.POST)
        sure = request.POST.get("sure") == "yes"
        touched = [] if sure else _touched(project, wanted, request.LANGUAGE_CODE)
        try:
            with transaction.atomic():
                version = change_labels(request.user, project, wanted.labels, merge=wanted.merge, retire=wanted.retire)
                transaction.set_rollback(not sure)
        except DomainError as refusal:
            project = get_project_for(request.user, project_id)
            form = EditForm(project=project)
            return _question_page(request, project, form, refusal, refusal.status)
    if sure:
        messages.success(request, _("The labels are changed. What they touch can be asked again."))
        return redirect("console:question", project_id)
    kept = [(name, value) for name, value in request.POST.items() if name not in ("csrfmiddlewaretoken", "sure")]
    context = {"project": project, "touched": touched, "changes": version.changes, "kept": kept}
    return render(request, "console/labels_confirm.html", context | {"wanted": wanted.labels})


def _touched(project: Project, wanted, language: str) -> list[dict]:
    names = label_names(project, language)
    found = []
    for label in [*wanted.merge, *wanted.retire]:
        if label in names:
            into = names.get(wanted.merge.get(label), ("", ""))[0]
            retired = 0 if into else golds_with(project, {label}).count()
            effect = effect_of(project, label)
            found.append({"name": names[label][0], "into": into, "effect": effect, "golds_retired": retired})
    return found


@page("GET", "HEAD", "POST")
def ask_again(request: Request, project_id: int) -> HttpResponse:
    """Which items, at what price, and what they come to at most; then the button."""
    is_post = request.method == "POST"
    project = get_project_for(request.user, project_id, write=is_post)
    names = label_names(project, request.LANGUAGE_CODE)
    data = {**_again_before(project), **(request.POST if is_post else request.GET).dict()}
    form, items, cost = AgainForm(data, labels=names), [], None
    if form.is_valid():
        said = form.cleaned_data
        one = [said["item"]] if said["item"] else []
        items = chosen_items(askable(project), project, items=one, label=said["label"], which=said["which"] or "all")
        try:
            if is_post:
                return _asked(request, project, items, form)
            cost = cost_of(project, items, **form.price())
        except DomainError as refusal:
            if refusal.status == 403:  # she may not spend the organisation's money
                raise
            refuse(form, refusal)
    shown = [show(item) for item in Item.objects.filter(pk__in=items[:3]).select_related("media")]
    context = {"project": project, "form": form, "cost": cost, "samples": shown, "item": form.data.get("item")}
    return render(request, "console/ask_again.html", context, status=400 if form.errors else 200)


def _again_before(project: Project) -> dict[str, str]:
    form = AgainForm(labels={})
    return {name: form.fields[name].prepare_value(value) for name, value in last_terms(project).items()} | {
        "which": "all"
    }


def _asked(request: Request, project: Project, items: list[int], form: AgainForm) -> HttpResponse:
    batch = ask_items_again(request.user, project, items, name=_("Asked again"), **form.price())
    messages.success(request, _("They are asked again: workers see them now."))
    return redirect("console:batch", batch.pk)


@page()
def known_tasks(request: Request, project_id: int) -> HttpResponse:
    """Every known task, with how often it was shown and missed."""
    project = get_project_for(request.user, project_id)
    names = label_names(project, request.LANGUAGE_CODE)
    golds = with_figures(Gold.objects.filter(project=project).select_related("item__media"))
    found = page_of(golds, request)
    rows = [
        {"gold": gold, "shown": show(gold.item), "said": say(project, gold.truth, names, gold.item)} for gold in found
    ]
    return render(request, "console/known_tasks.html", {"project": project, "page": found, "rows": rows})


@page()
@xframe_options_sameorigin
def try_app(request: Request, project_id: int) -> FileResponse:
    """The phone app's page, which the console may frame; it asks the API for the items (worker_app/src/screens/trial)."""
    get_project_for(request.user, project_id)
    get_token(request)  # sets the cookie that its script sends back
    return _framed("index.html")


@page()
@xframe_options_sameorigin
def editor(request: Request) -> FileResponse:
    """The widgets of the phone app, for the console's own frames: it asks for nothing, the page around it says what is asked."""
    return _framed("editor.html")


def _framed(built: str) -> FileResponse:
    """A page of the phone app's build that the console may frame, and nobody else."""
    response = FileResponse((Path(settings.PHONE_APP_DIR) / built).open("rb"), content_type="text/html; charset=utf-8")
    response._csp_replace = {"frame-ancestors": ["'self'"]}  # type: ignore[attr-defined]  # django-csp's
    return response


@page()
def try_it(request: Request, project_id: int) -> HttpResponse:
    """The phone app itself, at the size of a phone, on a few items of hers: nothing is lent, paid or kept."""
    project = get_project_for(request.user, project_id)
    context = {"project": project, "has_items": project.items.filter(archived_at=None).exists()}
    return render(request, "console/try.html", context)
