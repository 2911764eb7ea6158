"""The files of the code as speakers have mended them, in one zip that is unpacked over the code: so their words come home."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

from django.conf import settings

from wording import po
from wording.progress import MENDED, OPEN, Line, lines_of
from wording.sentences import PHONE, confirmations_of, digest


def files_of(language: str) -> dict[str, str]:
    """Path from the root of the code -> what it holds now: each file with a mended sentence, and which sentences are confirmed."""
    lines = lines_of(language)
    changed: dict[str, list[Line]] = {}
    for line in lines:
        if line.state == MENDED:
            changed.setdefault(line.sentence.file, []).append(line)
    files = {name: _rewritten(name, mended) for name, mended in changed.items()}
    confirmed = {line.sentence.id: digest(line.text) for line in lines if line.state != OPEN}
    files[str(confirmations_of(language).relative_to(settings.ROOT))] = _json(confirmed)
    return files


def _rewritten(name: str, mended: list[Line]) -> str:
    text = Path(settings.ROOT, name).read_text(encoding="utf-8")
    if mended[0].sentence.source == PHONE:
        return _json(json.loads(text) | {line.sentence.key: line.text for line in mended})
    return po.rewritten(text, {po.Key(line.sentence.key, line.sentence.form): line.text for line in mended})


def _json(content: dict) -> str:
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def zip_of(language: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(files_of(language).items()):
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), content)
    return out.getvalue()
