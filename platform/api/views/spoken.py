"""Instructions that are heard: what there is in each language, a recording sent, one taken away."""

from __future__ import annotations

from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from api.contract.operation import operation
from api.renderers import JSONParser
from api.shapes import spoken as shapes
from api.views.base import APIView
from kernel.errors import DomainError
from labelling import access
from labelling.projects.spoken import record_instructions, remove_recording, sounds_of


class SoundsView(APIView):
    """Each language in which the instructions are written, and its sound."""

    @operation("sounds", answers=shapes.Sounds)
    def get(self, request, project_id: int) -> Response:
        return Response({"languages": sounds_of(access.get_project_for(request.user, project_id))})


class SoundView(APIView):
    """A recording of the instructions in a language (multipart `file`), in place of what is there; or none any more."""

    parser_classes = [MultiPartParser, JSONParser]

    @operation("sound_record", form=shapes.SoundSent, answers=shapes.Sounds, status=201)
    def post(self, request, project_id: int, language: str) -> Response:
        project = access.get_project_for(request.user, project_id, write=True)
        file = request.FILES.get("file")
        if file is None:
            raise DomainError("file must be a sound.", field="file")
        record_instructions(request.user, project, language, file, file.name or "")
        return Response({"languages": sounds_of(project)}, status=201)

    @operation("sound_remove", status=204)
    def delete(self, request, project_id: int, language: str) -> Response:
        project = access.get_project_for(request.user, project_id, write=True)
        remove_recording(request.user, project, language)
        return Response(status=204)
