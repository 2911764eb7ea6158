"""Instructions read the same on both faces: the console's Markdown and the phone's are held to one file.

python tests/phone/test_markdown.py writes it anew from TEXTS; worker_app/src/screens/parts/markdown.test.ts reads it.
"""

import json
import re
from pathlib import Path

import pytest

VECTORS = Path(__file__).parent / "vectors" / "markdown.json"
TEXTS = [
    "One line.",
    "Two\nlines of one.\n\nAnother.",
    "# Birds\n\n## Small ones\n\n###### Smallest",
    "Birds\n=====\n\nSmall\n-----",
    "#no heading\n\n# one #",
    "- a\n- b\n- c",
    "* a\n* b",
    "- a\n\n- b",
    "1. a\n2. b\n3. c",
    "3) a\n4) b",
    "- a\n  - b\n    - c\n- d",
    "1. Look:\n   - left\n   - right\n2. Choose.",
    "- goes\n  on\n- and on\nlazily",
    "- a\n- b\n\nAfter.",
    "- a\n\n  second of a\n- b",
    "Before\n- a",
    "**bold** and *thin* and __bold__ and _thin_",
    "**bold with *thin* inside**",
    "***both***",
    "snake_case_name and 2*3*4 and 5 * 6 * 7",
    "an * alone, a ** pair, an _ under",
    "**never closed",
    r"\*not thin\* and \# and \[no link\]",
    "`code` and ``a ` tick`` and `<b>`",
    "```\ncode\n  kept\n```\nafter",
    "~~~\nopen to the end",
    "> said\n> twice\n\nafter",
    "> - a\n> - b",
    "a  \nb\\\nc",
    "---\n\n***\n\na",
    "[a page](https://example.org/x) and [**bold** one](http://example.org)",
    '[titled](https://example.org "a title")',
    "[brackets](https://example.org/a_(b))",
    "<https://example.org/x>",
    "[mail](mailto:a@example.org)",
    "![a picture](https://example.org/x.png)",
    "https://example.org stays text",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](data:text/html,hello)",
    "[x](vbscript:x)",
    "<javascript:alert(1)>",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "a <b onclick=x>b</b> c",
    "&lt;script&gt; stays",
    "[<script>](https://example.org)",
    "**<svg onload=alert(1)>**",
    "Khetha *impendulo* efanele:\n\n1. **Yebo**\n2. **Cha**",
    "اختر *الجواب*\n\n- نعم\n- لا",
    "选择**正确**的",
    "a | b\n- | -\n1 | 2",
]  # fmt: skip


def shown(text: str) -> str:
    """As the console's page has it, without what only the layout of the source makes."""
    from console.views.projects import MARKDOWN

    html = re.sub(r"\n*(</?(?:h\d|p|ul|ol|li|pre|hr|blockquote|br)\b[^>]*>)\n*", r"\1", MARKDOWN.render(text)).strip()
    html = re.sub(r' title="[^"]*"', "", html.replace(" />", ">"))
    return re.sub(r"</?p>", "", html) if "<li>" in html else html


@pytest.mark.parametrize("text", TEXTS)
def test_the_file_is_what_the_console_shows(text):
    assert {case["text"]: case["html"] for case in json.loads(VECTORS.read_text())}[text] == shown(text)


@pytest.mark.parametrize("text", TEXTS)
def test_nothing_in_a_text_becomes_markup_or_runs(text):
    html = shown(text)
    assert not re.search(r"<(script|img|svg|iframe|style|object|b)\b", html)
    assert not re.search(r'(?:href|src)="(?!https?://|mailto:)', html)


if __name__ == "__main__":
    import os
    import sys

    import django

    sys.path[:0] = [".", "platform"]
    os.environ["DJANGO_SETTINGS_MODULE"] = "server.settings"
    django.setup()
    cases = [{"text": text, "html": shown(text)} for text in TEXTS]
    VECTORS.write_text(json.dumps(cases, ensure_ascii=False, indent=1) + "\n")
