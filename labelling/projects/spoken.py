"""Instructions that are heard: a sound beside the text, in each language in which they are written (docs/decisions/read-aloud.md)."""

from __future__ import annotations

from io import SEEK_END
from typing import BinaryIO

from django.db import transaction

from intake.errors import Unsafe
from intake.media import discard, store
from intake.models import Media
from intake.urls import variant_urls
from kernel.errors import DomainError, NotFound
from labelling.models import Project, Spoken
from labelling.projects.quota import check_recording
from labelling.projects.speaking import speaks
from people.audit import record
from people.models import Person
from proofs import sha256_hex

PLAYED = "opus"
MAX_BYTES = 60 << 20  # as much as five minutes of a WAV in stereo
MAX_MS = 5 * 60 * 1000  # of instructions that somebody listens to before she works


def record_instructions(actor: Person, project: Project, language: str, file: BinaryIO, file_name: str) -> Spoken:
    """A person's voice in place of what is there. Not in a transaction: the file goes to storage. The caller has authorised."""
    text = _text_in(project, language)
    size_bytes = file.seek(0, SEEK_END)
    if size_bytes > MAX_BYTES:
        raise _no_such_sound()
    check_recording(project, language, size_bytes)
    file.seek(0)
    try:
        media = store(project.organisation_id, file, file_name)
    except Unsafe as unsafe:
        raise DomainError(unsafe.message, field="file", code="unsafe") from unsafe
    if media.kind != Media.Kind.AUDIO or (media.duration_ms or 0) > MAX_MS:
        discard(media)
        raise _no_such_sound()
    with transaction.atomic():
        spoken = keep(project, language, media, text, is_recorded=True)
        record(actor, "project.record_instructions", project, language=language)
    return spoken


def _no_such_sound() -> DomainError:
    return DomainError("Send a sound of at most {minutes} minutes.", field="file", said={"minutes": MAX_MS // 60_000})


def keep(project: Project, language: str, media: Media, text: str, *, is_recorded: bool) -> Spoken:
    """In place of what was there, whose file goes unless something else uses it."""
    before = Media.objects.filter(pk__in=Spoken.objects.filter(project=project, language=language).values("media"))
    gone = list(before.exclude(pk=media.pk))
    said = {"media": media, "text_sha256": digest(text), "is_recorded": is_recorded}
    spoken, _ = Spoken.objects.update_or_create(project=project, language=language, defaults=said)
    transaction.on_commit(lambda: [discard(one) for one in gone])
    return spoken


@transaction.atomic
def remove_recording(actor: Person, project: Project, language: str) -> None:
    spoken = Spoken.objects.filter(project=project, language=language).select_related("media").first()
    if spoken is None:
        raise NotFound()
    media = spoken.media
    spoken.delete()
    record(actor, "project.remove_recording", project, language=language)
    transaction.on_commit(lambda: discard(media))


def heard(project: Project, instructions: dict[str, str]) -> dict | None:
    """The sound of these instructions, of the language that she is shown; none where it says other words than stand there."""
    for language, text in instructions.items():
        spoken = Spoken.objects.filter(project=project, language=language, text_sha256=digest(text)).first()
        if spoken is not None:
            return show(spoken)
    return None


def show(spoken: Spoken) -> dict:
    made = variant_urls({PLAYED: spoken.media.variants[PLAYED]})[PLAYED]
    return {
        "language": spoken.language,
        "url": made["url"],
        "bytes": made.get("bytes", 0),
        "duration_ms": spoken.media.duration_ms or 0,
        "recorded": spoken.is_recorded,
    }


def sounds_of(project: Project) -> list[dict]:
    """For who asks: each language of the instructions, what is heard in it, and whether the server could speak it."""
    rows = {one.language: one for one in Spoken.objects.filter(project=project).select_related("media")}
    return [
        {
            "language": language,
            "sound": show(rows[language]) if language in rows else None,
            "is_current": language in rows and rows[language].text_sha256 == digest(text),
            "has_voice": speaks(language),
        }
        for language, text in project.instructions.items()
        if text
    ]


def digest(text: str) -> str:
    return sha256_hex(text.encode())


def _text_in(project: Project, language: str) -> str:
    text = project.instructions.get(language)
    if not text:
        raise DomainError(
            "There are no instructions in {language}: write them first.", field="language", said={"language": language}
        )
    return text
