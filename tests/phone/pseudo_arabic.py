"""A language that nobody speaks: isiZulu's messages in Arabic letters, two fifths longer, to see every screen from right to left."""

from __future__ import annotations

import json
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LETTERS = dict(zip("abcdefghijklmnopqrstuvwxyz", "ابتثجحخدذرزسشصضطظعغفقكلمنهوي", strict=False))
KEPT = re.compile(r"(\{\w+\}|\{\w+, plural,|=\d+ \{|\b(?:zero|one|two|few|many|other) \{|\}|#)")


def written(text: str) -> str:
    letters = "".join(LETTERS.get(letter.lower(), letter) for letter in text)
    before, words, after = re.fullmatch(
        r"(\s*)(.*?)(\s*)", letters, re.DOTALL
    ).groups()  # a name follows as it does in isiZulu
    parts = words.split(" ")
    longer = " ".join([*parts[: round(0.4 * len(parts))], *parts]) if len(parts) > 1 else words
    return before + longer + after


def message(text: str) -> str:
    """Names and plurals stay as they are."""
    return "".join(part if KEPT.fullmatch(part) else written(part) for part in KEPT.split(text))


def speak_it(page) -> None:
    """Whoever chooses isiZulu on this page reads the other."""

    def answer(route) -> None:
        if route.request.url.endswith("?built"):
            return route.continue_()
        part = re.search(r"locale-zu-(\w+)-", route.request.url)[1]
        file = ROOT / f"worker_app/locales/zu/{part}.json"
        words = file if file.exists() else ROOT / f"labelling/task_types/{part}/phone/zu.json"
        messages = json.loads(words.read_text())
        if part == "first":  # with what each type asks, as the build does it (vite.config.ts)
            for own in ROOT.glob("labelling/task_types/*/phone/zu.json"):
                messages |= {key: text for key, text in json.loads(own.read_text()).items() if key.endswith(".what")}
        turned = json.dumps({key: message(text) for key, text in messages.items()}, ensure_ascii=False)
        # Where the other parts of the language are, the file that was built knows.
        others = f'export * from "{route.request.url}?built";\n' if part == "first" else ""
        route.fulfill(content_type="text/javascript; charset=utf-8", body=f"{others}export default {turned}")
        return None

    page.route("**/assets/locale-zu-*", answer)
