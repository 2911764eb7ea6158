from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt

from console.answer_rendering import spark
from console.forms import ProjectForm, refuse, write_labels
from console.paging import page_of
from console.request import Request
from console.statistics import decided_over_time, progress_of
from console.view_decorators import page, typed
from console.views.home import mine
from console.views.skill_runs import run_of
from kernel.errors import DomainError, NotFound
from labelling import catalogue as ready_made
from labelling.access import get_project_for
from labelling.data.create_dataset import create_dataset
from labelling.models import Project, WorkerRecord
from labelling.projects.create_project import create_project
from people.access import organisations_of
from people.models import Person

MARKDOWN = MarkdownIt("commonmark", {"html": False, "linkify": False}).disable(["image", "html_block", "html_inline"])


@page()
def project_list(request: Request) -> HttpResponse:
    """Those at work; the archived ones where they are asked for."""
    archived = request.GET.get("archived") == "yes"
    rows = mine(request.user).filter(archived_at__isnull=not archived)
    return render(request, "console/projects.html", {"page": page_of(rows, request, 24), "archived": archived})


@page()
def catalogue(request: Request) -> HttpResponse:
    return render(request, "console/catalogue.html", {"entries": ready_made.entries()})


@page("GET", "HEAD", "POST")
def new_project(request: Request, entry_id: str) -> HttpResponse:
    entry = ready_made.entry(entry_id)
    if entry is None:
        raise NotFound
    organisations = organisations_of(request.user)
    form = ProjectForm(typed(request), organisations=organisations, entry=entry, initial=_initial(entry))
    if request.method == "POST" and form.is_valid():
        try:
            project = make_project(request.user, entry, form.cleaned_data, form.said_settings())
        except DomainError as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("The project is there. Now bring your data."))
            return redirect("console:data", project.pk)
    context = {"entry": entry, "form": form, "has_labels": "labels" in entry["config"], "organisations": organisations}
    return render(request, "console/new_project.html", context, status=400 if form.errors else 200)


def _initial(entry: dict) -> dict:
    kept = {name: entry[name] for name in ("min_answers", "max_answers", "estimated_task_s")}
    kept["warnings"] = entry.get("warnings", [])
    return kept | {
        "title": entry["title"]["en"],
        "title_zu": entry["title"].get("zu", ""),
        "labels": write_labels(entry["config"]),
        "instructions_en": entry["instructions"]["en"],
        "instructions_zu": entry["instructions"].get("zu", ""),
        "target": entry["target_ppm"],
        "language": entry["config"].get("language", "en"),
    }


@transaction.atomic
def make_project(actor: Person, entry: dict, data: dict, settings: dict):
    """The project as the form says, with a first dataset to put data in."""
    config = {**entry["config"], **settings}
    if "labels" in config:
        config["labels"] = data["labels"]
    if "language" in config:
        config["language"] = data["language"]
    texts = {"en": data["instructions_en"], "zu": data["instructions_zu"]}
    project = create_project(
        actor,
        data["organisation"],
        title=data["title"],
        titles={"zu": data["title_zu"]} if data["title_zu"].strip() else {},
        catalogue_entry=entry["id"],
        task_type=entry["task_type"],
        medium=entry["medium"],
        config=config,
        expects=entry.get("expects", {}),
        instructions={language: text for language, text in texts.items() if text.strip()},
        language=data["language"],
        target_ppm=data["target"],
        min_answers=data["min_answers"],
        max_answers=data["max_answers"],
        estimated_task_s=data["estimated_task_s"],
        warnings=data["warnings"],
    )
    create_dataset(actor, project, _("First data"))
    return project


@page()
def project(request: Request, project_id: int) -> HttpResponse:
    project = get_project_for(request.user, project_id)
    context = {
        "project": project,
        "progress": progress_of(project),
        "curve": spark(decided_over_time(project)),
        "skill_run": run_of(project),
        "instructions": instructions_of(project, request.LANGUAGE_CODE),
        "model": _live_model(project),
    }
    return render(request, "console/project.html", context)


def instructions_of(project: Project, language: str) -> str:
    """HTML, in the language or else in English."""
    return MARKDOWN.render(project.instructions.get(language) or project.instructions.get("en", ""))


def _live_model(project):
    return project.model_versions.filter(state="live").first()


@page()
def progress(request: Request, project_id: int) -> HttpResponse:
    """The figures alone, for htmx to put in place."""
    project = get_project_for(request.user, project_id)
    context = {"project": project, "progress": progress_of(project), "curve": spark(decided_over_time(project))}
    context["skill_run"] = run_of(project)
    return render(request, "console/_progress.html", context)


@page()
def people(request: Request, project_id: int) -> HttpResponse:
    """Who works on it, by pseudonym: what each has done, and how well. Who they are is nobody's business here."""
    project = get_project_for(request.user, project_id)
    rows = WorkerRecord.objects.filter(project=project).select_related("worker")
    return render(request, "console/people.html", {"project": project, "page": page_of(rows, request)})
