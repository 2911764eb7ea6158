"""The server speaks what nobody has recorded, where it has a voice for the language."""

from __future__ import annotations

import tempfile
from pathlib import Path

from django.db import transaction

from intake.media import store
from labelling.models import Project, Spoken
from labelling.projects.speaking import speak, speaks
from labelling.projects.spoken import digest, keep


def speak_instructions(project: Project) -> list[str]:
    """Safe to repeat. A recording stays, also when the words have changed: whose it is records it anew, or takes it away. Returns the
    languages that were spoken now."""
    known = {one.language: one for one in Spoken.objects.filter(project=project)}
    wanted = {language: text for language, text in project.instructions.items() if text and speaks(language)}
    new = [language for language, text in wanted.items() if _is_due(known.get(language), text)]
    for language in new:
        with tempfile.TemporaryDirectory(prefix="ilima-speech-") as folder:
            path = Path(folder) / "spoken.wav"
            speak(wanted[language], language, path)
            with path.open("rb") as sound:
                media = store(project.organisation_id, sound, f"{language}.wav")
        with transaction.atomic():
            keep(project, language, media, wanted[language], is_recorded=False)
    return new


def _is_due(spoken: Spoken | None, text: str) -> bool:
    return spoken is None or (not spoken.is_recorded and spoken.text_sha256 != digest(text))
