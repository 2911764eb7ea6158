"""A worker's certificate of skill: as data, as a code, as a page; and the key by which anybody checks it."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.http import StreamingHttpResponse
from rest_framework.response import Response

from api.contract.operation import operation
from api.shapes import certificates as shapes
from api.tagged import UNCHANGED, tagged
from api.views.base import APIView
from api.views.work import WorkView
from labelling.access import get_worker_for
from labelling.work.certificate_files import pdf_of, png_of
from labelling.work.certify import certificate_of
from proofs import key_id, public_key_hex


class CertificateView(WorkView):
    """Signed now, of what is so now: her belts and the exams that she has passed."""

    @operation("work_certificate", query=shapes.CertificateAsked, answers=shapes.Certificate)
    def get(self, request) -> Response:
        made = certificate_of(get_worker_for(request.user), named=self.query["name"] == "yes")
        return Response({"body": made.body, "signature": made.signature, "link": made.link})


class CertificateFileView(WorkView):
    """The same as the picture of its code (`as` png), or as a page with it (pdf)."""

    @operation("work_certificate_file", query=shapes.CertificateFileAsked, also=shapes.CERTIFICATE_FILES)
    def get(self, request) -> StreamingHttpResponse:
        worker, kind = get_worker_for(request.user), self.query["as"]
        made = certificate_of(worker, named=self.query["name"] == "yes")
        if kind == "png":
            return StreamingHttpResponse([png_of(made)], content_type="image/png")
        response = StreamingHttpResponse([pdf_of(made, worker.person.language)], content_type="application/pdf")
        response["Content-Disposition"] = f'attachment; filename="ilima-{made.body["made_on"]}.pdf"'
        return response


class KeyView(APIView):
    """For everybody: whoever is shown a certificate has no account."""

    authentication_classes = ()
    permission_classes = ()

    @operation("proof_key", answers=shapes.SigningKey, also=UNCHANGED)
    def get(self, request) -> Response:
        operator = urlsplit(settings.PUBLIC_URL).netloc
        return tagged(request, {"operator": operator, "key_id": key_id(), "public_key": public_key_hex()})
