"""A language that nobody speaks: isiZulu's messages in Arabic letters, two fifths longer, to see every screen from right to left."""

from __future__ import annotations

import json
import re
from pathlib import Path

LOCALES = Path(__file__).resolve().parents[2] / "worker_app/locales"
LETTERS = dict(zip("abcdefghijklmnopqrstuvwxyz", "ابتثجحخدذرزسشصضطظعغفقكلمنهوي", strict=False))
KEPT = re.compile(r"(\{\w+\}|\{\w+, plural,|=\d+ \{|\b(?:zero|one|two|few|many|other) \{|\}|#)")


def written(text: str) -> str:
    letters = "".join(LETTERS.get(letter.lower(), letter) for letter in text)
    words = letters.split(" ")
    return " ".join([*words, *words[: round(0.4 * len(words))]]) if len(words) > 1 else letters


def message(text: str) -> str:
    """Names and plurals stay as they are."""
    return "".join(part if KEPT.fullmatch(part) else written(part) for part in KEPT.split(text))


def speak_it(page) -> None:
    """Whoever chooses isiZulu on this page reads the other."""

    def answer(route) -> None:
        part = re.search(r"locale-zu-(\w+)-", route.request.url)[1]
        messages = json.loads((LOCALES / "zu" / f"{part}.json").read_text())
        turned = json.dumps({key: message(text) for key, text in messages.items()}, ensure_ascii=False)
        route.fulfill(content_type="text/javascript; charset=utf-8", body=f"export default {turned}")

    page.route("**/assets/locale-zu-*", answer)
