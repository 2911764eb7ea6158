"""A requester's uploads and releases."""

from __future__ import annotations

from django.db.models import Count, Sum
from django.http import StreamingHttpResponse
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from api.contract.operation import operation
from api.contract.requests import Pages
from api.contract.shapes import page_of
from api.renderers import JSONParser
from api.shapes import data as shapes
from api.views.base import APIView, ListView
from kernel.errors import DomainError
from labelling import access
from labelling.data.receive_upload import receive_upload
from labelling.data.say_columns import say_columns
from labelling.data.upload_session import add_files, begin_upload, finish_upload
from labelling.models import RefusedRow, Release, RowRemark, Upload, UploadPart, UploadSession
from labelling.releases.create_release import create_release
from labelling.releases.download_release import download_release
from labelling.releases.remove_release import remove_release


class UploadsView(ListView):
    """Send files (multipart `files`) or addresses ({"urls": [...]}); they are imported in the background."""

    parser_classes = [JSONParser, MultiPartParser]

    @operation("uploads", query=Pages, answers=page_of(shapes.Upload))
    def get(self, request, dataset_id: int) -> Response:
        dataset = access.get_dataset_for(request.user, dataset_id)
        return self.page(request, Upload.objects.filter(dataset=dataset), show_upload)

    @operation("upload_send", body=shapes.AddressesSent, form=shapes.FilesSent, answers=shapes.Uploads, status=202)
    def post(self, request, dataset_id: int) -> Response:
        dataset = access.get_dataset_for(request.user, dataset_id, write=True)
        files, paths, urls = request.FILES.getlist("files"), _paths(request), []
        if not files:
            urls = self.body.get("urls", [])
            if not isinstance(urls, list):
                raise DomainError("urls must be a list of addresses.", field="urls")
        made = receive_upload(request.user, dataset, files, urls, paths)
        return Response({"uploads": [show_upload(upload) for upload in made]}, status=202)


def _paths(request) -> list[str]:
    """Where the files of a form lay, one for each, for a file's own name has no folders."""
    return request.data.getlist("paths") if hasattr(request.data, "getlist") else []


class UploadSessionsView(APIView):
    """Begin an upload of many requests: {"id": uuid} made by the sender, so that beginning again is the same."""

    @operation("upload_session_begin", body=shapes.UploadBegun, answers=shapes.UploadSession)
    def post(self, request, dataset_id: int) -> Response:
        dataset = access.get_dataset_for(request.user, dataset_id, write=True)
        session = begin_upload(request.user, dataset, self.body["id"])
        return Response(_show_session(session))


class UploadSessionView(APIView):
    """What has arrived, and what it became once it was finished."""

    @operation("upload_session", answers=shapes.UploadSession)
    def get(self, request, session_id) -> Response:
        return Response(_show_session(access.get_upload_session_for(request.user, session_id)))


class UploadPartsView(ListView):
    """The files of an upload session: add some (multipart `files`, and `paths` one for each), list what has arrived."""

    parser_classes = [MultiPartParser, JSONParser]

    @operation("upload_session_files", query=Pages, answers=page_of(shapes.UploadPart))
    def get(self, request, session_id) -> Response:
        session = access.get_upload_session_for(request.user, session_id)
        return self.page(request, UploadPart.objects.filter(session=session), _show_part)

    @operation("upload_session_add", form=shapes.FilesSent, answers=shapes.UploadSessionAdded)
    def post(self, request, session_id) -> Response:
        added = add_files(request.user, session_id, request.FILES.getlist("files"), _paths(request))
        session = access.get_upload_session_for(request.user, session_id)
        return Response({**_show_session(session), "added": added})


class UploadFinishView(APIView):
    """All is there: the import begins. Again: the same uploads. How its tables are to be read may be said here:
    {"columns": {"Tweet": "text"}, "header", "encoding", "shape"}, or {"ask": true} to be asked in any case."""

    @operation("upload_session_finish", body=shapes.UploadFinished, answers=shapes.Uploads, status=202)
    def post(self, request, session_id) -> Response:
        made = finish_upload(request.user, session_id, self.body)
        return Response({"uploads": [show_upload(upload) for upload in made]}, status=202)


class UploadView(APIView):
    @operation("upload", answers=shapes.Upload)
    def get(self, request, upload_id: int) -> Response:
        return Response(show_upload(access.get_upload_for(request.user, upload_id)))


class UploadColumnsView(APIView):
    """Say what the columns of a table mean that asks for it (`asks` of the upload): {"columns": {"Tweet": "text", "Nr": "id"}}.
    With only another `header`, `encoding` or `shape` it is read anew, and asks again."""

    @operation("upload_columns", body=shapes.ColumnsSaid, answers=shapes.Upload, status=202)
    def post(self, request, upload_id: int) -> Response:
        return Response(show_upload(say_columns(request.user, upload_id, self.body)), status=202)


class RefusedRowsView(ListView):
    """The rows that were refused, in their order: number, field, reason."""

    @operation("upload_refused", query=Pages, answers=page_of(shapes.RefusedRow))
    def get(self, request, upload_id: int) -> Response:
        upload = access.get_upload_for(request.user, upload_id)
        return self.page(request, RefusedRow.objects.filter(upload=upload), _refused, ("row", "id"))


class RemarksView(ListView):
    """What is to be known of rows that were taken: joined to another, changed, cut off, left without a known answer."""

    @operation("upload_remarks", query=Pages, answers=page_of(shapes.RowRemark))
    def get(self, request, upload_id: int) -> Response:
        upload = access.get_upload_for(request.user, upload_id)
        return self.page(request, RowRemark.objects.filter(upload=upload), _remark, ("row", "id"))


class ReleasesView(ListView):
    @operation("releases", query=Pages, answers=page_of(shapes.Release))
    def get(self, request, project_id: int) -> Response:
        project = access.get_project_for(request.user, project_id)
        return self.page(request, Release.objects.filter(project=project, archived_at=None), show_release)

    @operation("release_create", body=shapes.ReleaseMade, answers=shapes.Release, status=202)
    def post(self, request, project_id: int) -> Response:
        project = access.get_project_for(request.user, project_id, write=True)
        return Response(show_release(create_release(request.user, project, **self.body)), status=202)


class ReleaseView(APIView):
    @operation("release", answers=shapes.Release)
    def get(self, request, release_id: int) -> Response:
        return Response(show_release(access.get_release_for(request.user, release_id)))

    @operation("release_remove", status=204)
    def delete(self, request, release_id: int) -> Response:
        remove_release(request.user, access.get_release_for(request.user, release_id, write=True))
        return Response(status=204)


class DownloadView(APIView):
    """The frozen decisions as a stream: `?as=jsonl` (default), csv, csv-raw or coco."""

    @operation("release_download", query=shapes.DownloadAsked, also=shapes.DOWNLOADED)
    def get(self, request, release_id: int) -> StreamingHttpResponse:
        release = access.get_release_for(request.user, release_id)
        made = download_release(request.user, release, self.query["as"], asked_as="as")
        response = StreamingHttpResponse(made.chunks, content_type=made.content_type)
        response["Content-Disposition"] = f'attachment; filename="{made.file_name}"'
        return response


def show_upload(upload: Upload) -> dict:
    names = (
        "kind",
        "file_name",
        "state",
        "error",
        "rows_total",
        "rows_done",
        "pages_total",
        "pages_done",
        "rows_added",
        "rows_known",
        "rows_refused",
        "rows_remarked",
    )
    shown = {"id": upload.pk, "dataset": upload.dataset_id, **{name: getattr(upload, name) for name in names}}
    return shown | {"asks": upload.asked if upload.state == Upload.State.ASKS else None}


def _show_session(session: UploadSession) -> dict:
    there = session.parts.aggregate(files=Count("pk"), size_bytes=Sum("size_bytes", default=0))
    uploads = list(session.uploads.order_by("pk").values_list("pk", flat=True))
    finished = session.finished_at is not None
    return {"id": str(session.pk), "dataset": session.dataset_id, **there, "finished": finished, "uploads": uploads}


def _show_part(part: UploadPart) -> dict:
    return {name: getattr(part, name) for name in ("path", "size_bytes", "sha256")}


def show_release(release: Release) -> dict:
    names = ("number", "state", "sha256", "items", "size_bytes", "wanted")
    shown = {name: getattr(release, name) for name in names}
    return {"id": release.pk, "project": release.project_id, **shown, "created_at": release.created_at.isoformat()}


def _refused(row: RefusedRow) -> dict:
    return {"row": row.row, "name": row.name, "field": row.field, "reason": row.reason}


def _remark(row: RowRemark) -> dict:
    return {"row": row.row, "name": row.name, "field": row.field, "remark": row.remark}
