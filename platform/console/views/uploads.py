import uuid
from typing import BinaryIO, cast

from django.contrib import messages
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from console.display_names import OWN_ROLES, ROLES
from console.forms import UrlsForm
from console.paging import page_by_keys, page_of, whole_number
from console.request import Request
from console.view_decorators import page, refusal_page
from console.views.batches import waiting_items
from kernel.errors import DomainError
from labelling.access import get_project_for, get_upload_for
from labelling.data import upload_report
from labelling.data.create_dataset import create_dataset
from labelling.data.reading import roles_of
from labelling.data.receive_upload import receive_upload
from labelling.data.say_columns import say_columns
from labelling.data.upload_session import begin_upload, finish_upload
from labelling.formats.encodings import ENCODINGS
from labelling.models import Dataset, Item, Project, Upload
from labelling.models.golds import items_to_decide

REMARKS = 200  # on one page; all of them come over REST


@page()
def data(request: Request, project_id: int) -> HttpResponse:
    project = get_project_for(request.user, project_id)
    context = {
        "project": project,
        "items": items_to_decide(project).count(),
        "golds": project.golds.filter(retired_at=None).count(),
        "waiting": waiting_items(project),
        "page": page_of(Upload.objects.filter(dataset__project=project), request, 20),
        "datasets": page_of(_with_items(project), request, 20, prefix="datasets_"),
        "urls_form": UrlsForm(),
    }
    return render(request, "console/data.html", context)


def _with_items(project: Project):
    """Its datasets, with how many items lie in each."""
    counted = Item.objects.filter(dataset=OuterRef("pk"), archived_at=None).order_by().values("dataset")
    number = Coalesce(Subquery(counted.annotate(n=Count("pk")).values("n")), 0)
    return Dataset.objects.filter(project=project, archived_at=None).annotate(items_n=number)


def _dataset(request: Request, project: Project) -> Dataset:
    """The project's newest dataset; a project of the API's may have none yet."""
    newest = Dataset.objects.filter(project=project, archived_at=None).order_by("-pk").first()
    return newest or create_dataset(request.user, project, _("First data"))


@page("POST")
def send_files(request: Request, project_id: int) -> HttpResponse:
    """From the script: the new uploads as rows, or one sentence as plain text. From a plain form: back to the page."""
    project = get_project_for(request.user, project_id, write=True)
    try:
        files = cast(list[BinaryIO], request.FILES.getlist("files"))
        paths = request.POST.getlist("paths")
        made = receive_upload(request.user, _dataset(request, project), files=files, paths=paths)
    except DomainError as refusal:
        if request.htmx:
            return refusal_page(request, refusal)
        messages.error(request, str(refusal))
        return redirect("console:data", project_id)
    if request.htmx:
        return render(request, "console/_upload_rows.html", {"uploads": made})
    return redirect("console:data", project_id)


@page("POST")
def begin_files(request: Request, project_id: int) -> JsonResponse:
    """From the script: a new session; its files then go to the API, parcel by parcel."""
    project = get_project_for(request.user, project_id, write=True)
    session = begin_upload(request.user, _dataset(request, project), uuid.uuid4())
    return JsonResponse({"id": str(session.pk), "files": reverse("api-upload-parts", args=[session.pk])})


@page("POST")
def finish_files(request: Request, project_id: int, session_id: uuid.UUID) -> HttpResponse:
    """From the script, when all has arrived: the uploads that it became, as rows."""
    get_project_for(request.user, project_id, write=True)
    try:
        made = finish_upload(request.user, session_id, {"ask": True} if request.POST.get("ask") else None)
    except DomainError as refusal:
        return refusal_page(request, refusal)
    return render(request, "console/_upload_rows.html", {"uploads": made})


@page("POST")
def send_urls(request: Request, project_id: int) -> HttpResponse:
    project = get_project_for(request.user, project_id, write=True)
    urls = [line.strip() for line in request.POST.get("urls", "").splitlines() if line.strip()]
    try:
        receive_upload(request.user, _dataset(request, project), urls=urls)
        messages.success(request, _("The addresses are being fetched."))
    except DomainError as refusal:
        messages.error(request, str(refusal))
    return redirect("console:data", project_id)


@page()
def upload(request: Request, upload_id: int) -> HttpResponse:
    """Its story, and the rows behind it: all, or those of one kind of sentence (?why=, ?remark=: a row that it was said of)."""
    upload = get_upload_for(request.user, upload_id)
    why, remark = (whole_number(request.GET.get(name)) for name in ("why", "remark"))
    context: dict[str, object] = {
        "project": upload.dataset.project,
        "upload": upload,
        "why": why,
        "remark": remark,
        "page": page_by_keys(
            upload_report.refused_like(upload, why), request, ("row", "id"), ascending=True, load=list
        ),
        "remarks": upload_report.remarks_like(upload, remark).order_by("row", "pk")[:REMARKS],
    }
    if upload.state not in Upload.UNFINISHED:  # while it runs the page asks every other second
        project = upload.dataset.project
        context |= {"refused_said": upload_report.refused_of(upload), "remarks_said": upload_report.remarks_of(upload)}
        context |= {"golds": project.golds.filter(retired_at=None).count(), "waiting": waiting_items(project)}
    return render(request, "console/upload.html", context)


@page()
def upload_row(request: Request, upload_id: int) -> HttpResponse:
    """One upload's row, asked for again by htmx while it runs; the last time it tells the page that items came."""
    upload = get_upload_for(request.user, upload_id)
    response = render(request, "console/_upload_row.html", {"upload": upload})
    if upload.state not in Upload.UNFINISHED:
        response["HX-Trigger"] = "imported"
    return response


@page("GET", "HEAD", "POST")
def columns(request: Request, upload_id: int) -> HttpResponse:
    """The first rows of a table, and what each of its columns means: said here, it is imported."""
    upload = get_upload_for(request.user, upload_id, write=True)
    if upload.state != Upload.State.ASKS:
        return redirect("console:upload", upload_id)
    said, refusal = _said(request, upload), None
    if request.method == "POST":
        try:
            say_columns(request.user, upload_id, said)
            return redirect("console:upload", upload_id)
        except DomainError as refused:
            refusal = refused
    asked = upload.asked or {}
    rows = [
        column | {"role": said.get("columns", {}).get(column["name"], column["role"])} for column in asked["columns"]
    ]
    known = asked.get("roles") or roles_of(upload.dataset.project.medium)
    roles = [(role, (OWN_ROLES if "roles" in asked else ROLES)[role]) for role in known]
    context = {"upload": upload, "project": upload.dataset.project, "rows": rows, "roles": roles, "refusal": refusal}
    context |= {"asked": asked, "encodings": ENCODINGS.items() if asked["encoding"] in ENCODINGS else None}
    return render(request, "console/columns.html", context, status=400 if refusal else 200)


def _said(request: Request, upload: Upload) -> dict:
    """The form as the verb takes it: a column is asked for by its place, since its name may be anything."""
    names, post = [column["name"] for column in (upload.asked or {})["columns"]], request.POST
    said: dict = {name: post[name] for name in ("encoding", "shape") if post.get(name)}
    if "header" in post:
        said["header"] = post["header"] == "yes"
    if post.get("then") == "import":
        said["columns"] = {name: post.get(f"column-{place}", "metadata") for place, name in enumerate(names)}
    return said
