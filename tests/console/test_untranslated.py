"""No words of ours reach a page around the message catalogue: neither from a template nor from a view; and none lacks its isiZulu."""

import ast
import gettext
import re
from pathlib import Path

import pytest
from django.template.base import DebugLexer, TokenType

import console

ROOM = Path(console.__file__).parent
TEMPLATES = sorted((ROOM / "templates").rglob("*.html"))
VIEWS = sorted(path for path in ROOM.rglob("*.py") if path.name not in ("admin.py", "apps.py"))
CATALOGUES = sorted((ROOM / "locale").glob("*/LC_MESSAGES/django.po"))
# The same in every language: names, and what is typed into a computer.
SAME = {"Ilima", "English", "isiZulu", "SHA", "Enter", "API", "USD"}
SHOWN = ("title", "alt", "placeholder", "aria-label", "data-label", "data-done", "data-sent", "data-failed")
CLASSES = ("shell", "main_class")  # blocks that hold a class, not words
_ATTRIBUTE = re.compile(rf'(?:{"|".join(SHOWN)})="([^"]*)"')
_WORD = re.compile(r"[A-Za-z]{3,}")


def words_outside(source: str) -> list[str]:
    """Words of a template that are neither markup nor translated."""
    text, skipping = [], ""
    for token in DebugLexer(source).tokenize():
        if token.token_type is TokenType.BLOCK:
            name = token.contents.split()[0]
            if name in ("blocktranslate", "comment"):
                skipping = f"end{name}"
            elif name == "block" and token.contents.split()[1] in CLASSES:
                skipping = "endblock"
            elif name == skipping:
                skipping = ""
        elif token.token_type is TokenType.TEXT and not skipping:
            text.append(token.contents)
    page = re.sub(r"(?s)<(pre|script|style|svg|kbd)\b.*?</\1>|<!--.*?-->|<!doctype[^>]*>", " ", "".join(text))
    shown = [*_ATTRIBUTE.findall(page), re.sub(r"(?s)<[^>]*>|&\w+;", " ", page)]
    return [word for part in shown for word in _WORD.findall(part) if word not in SAME]


def sentences_outside(source: str) -> list[str]:
    """String literals of a module that read like a sentence or a caption and are not translated: not those of docstrings, of
    errors of the programmer's, and of what `_()` takes."""
    tree = ast.parse(source)
    told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in (
            "_",
            "gettext_lazy",
            "ngettext",
            "ValueError",
        ):
            told |= {id(part) for part in ast.walk(node)}
    literals = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    return [
        n.value for n in literals if id(n) not in told and re.match(r"[A-Z][a-z]+( [a-z“]+)+|[A-Z][^.]* .*\.$", n.value)
    ]


def test_the_look_sees_what_is_not_translated():
    """The control."""
    page = '<p title="Hidden words">{% translate "Seen" %} plain {{ value }}</p>{% blocktranslate %}all{% endblocktranslate %}'
    assert words_outside(page) == ["Hidden", "words", "plain"]
    view = 'def f():\n    """A docstring."""\n    say(_("Translated words."))\n    say("Not translated.")\n'
    assert sentences_outside(view) == ["Not translated."]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_template_has_words_of_its_own(path):
    assert words_outside(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", VIEWS, ids=lambda path: str(path.relative_to(ROOM)))
def test_no_module_has_sentences_of_its_own(path):
    assert sentences_outside(path.read_text(encoding="utf-8")) == []


def _said_in_templates() -> set[str]:
    found = set()
    for path in TEMPLATES:
        found |= set(
            re.findall(r'\{%\s*translate "([^"]+)"|\{%\s*translate \'([^\']+)\'', path.read_text(encoding="utf-8"))
        )
    return {one or other for one, other in found}


def _said_in_views() -> set[str]:
    nodes = (node for path in VIEWS for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    calls = (
        node for node in nodes if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("_", "gettext_lazy")
    )
    return {arg.value for call in calls for arg in call.args[:1] if isinstance(arg, ast.Constant)}


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-3])
def test_every_word_of_the_console_is_in_every_catalogue(path):
    with path.with_suffix(".mo").open("rb") as file:
        known = set(gettext.GNUTranslations(file)._catalog)
    said = sorted(_said_in_templates() | _said_in_views())
    assert [text for text in said if text not in known and text.replace("%", "%%") not in known] == []
