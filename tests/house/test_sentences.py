"""Each refusal has a code, and each sentence of ours can be said in every language: written as a template, with its translation."""

import ast
import gettext
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from string import Formatter

import pytest

from labelling.models import Batch, Project

ROOT = Path(__file__).resolve().parents[2]
ROOMS = [ROOT / name for name in ("platform", "labelling", "ml_assist", "consensus")]
CATALOGUES = sorted((ROOT / "platform/kernel/locale").glob("*/LC_MESSAGES/django.po"))
PAGES = ROOT / "platform/console/locale"
KINDS = {"DomainError", "Conflict", "Forbidden", "TooFast"}
#: Classes whose own code says all that there is to say only where a field is named with it.
VAGUE = {"Conflict", "Forbidden"}
TRANSLATED = {"_", "gettext", "gettext_lazy", "gettext_noop"}
SAYING = KINDS | {"say", "Message", "Ours", "BadSetting", "BadPart"}
#: Of a word of ours: every value that it can have.
WORDS = {"state": Batch.State.values, "medium": Project.Medium.values, "kind": Project.Medium.values}
#: Sentences that were put into words elsewhere: by another DomainError's own template, or by say().
SAID_BEFORE = {
    "unsafe.message", "str(bad)", "hold.sentence", "hand.sentence", "message.subject", "message.text", "what.words", "self.message",
    "bad.message",
}  # fmt: skip


@cache
def modules() -> list[tuple[Path, ast.Module]]:
    paths = (path for room in ROOMS for path in sorted(room.rglob("*.py")) if "migrations" not in path.parts)
    return [(path, ast.parse(path.read_text(encoding="utf-8"))) for path in paths]


def name_of(call: ast.AST) -> str:
    return getattr(call.func, "id", "") if isinstance(call, ast.Call) else ""


def constants_of(tree: ast.Module) -> dict[str, ast.expr]:
    """Module-level names and what they hold."""
    found = {}
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            found[node.targets[0].id] = node.value
        elif (
            isinstance(node, ast.Assign)
            and isinstance(node.targets[0], ast.Tuple)
            and isinstance(node.value, ast.Tuple)
        ):
            found |= {name.id: one for name, one in zip(node.targets[0].elts, node.value.elts, strict=True)}
    return found


def sentences_in(value: ast.expr, known: dict[str, ast.expr]) -> list[str] | None:
    """The templates that an argument can be; None where it is none."""
    if isinstance(value, ast.Constant):
        return [value.value] if isinstance(value.value, str) else []
    if isinstance(value, ast.IfExp):
        both = [sentences_in(one, known) for one in (value.body, value.orelse)]
        return None if None in both else [text for one in both for text in one]
    if isinstance(value, ast.Name) and value.id in known:
        return sentences_in(known[value.id], known)
    if isinstance(value, ast.Subscript) and isinstance(value.value, ast.Name):
        held = known.get(value.value.id)
        if isinstance(held, ast.Dict):
            return [text for one in held.values for text in (sentences_in(one, known) or [])]
    return [] if name_of(value) == "_" else None


def own_sentences(tree: ast.Module) -> set[str]:
    """Of classes that are a refusal with a sentence of its own, and what `_()` takes outside the pages."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and any(getattr(base, "id", "") in KINDS for base in node.bases):
            calls = (one for one in ast.walk(node) if getattr(getattr(one, "func", None), "attr", "") == "__init__")
            found |= {call.args[0].value for call in calls if call.args and isinstance(call.args[0], ast.Constant)}
        if name_of(node) in TRANSLATED and isinstance(node.args[0], ast.Constant):
            found.add(node.args[0].value)
    return found


@cache
def collect(pages: bool = True) -> tuple[set[str], list[str]]:
    """(templates, places where something else stands than a template), with what the console's pages say or without."""
    templates, odd = set(), []
    trees = [(path, tree) for path, tree in modules() if pages or PAGES.parent not in path.parents]
    shared = {name: value for _, tree in trees for name, value in constants_of(tree).items() if name.isupper()}
    for path, tree in trees:
        known = shared | constants_of(tree)
        saying = SAYING if "from kernel.say import say" in path.read_text(encoding="utf-8") else SAYING - {"say"}
        templates |= own_sentences(tree)
        for node in ast.walk(tree):
            if name_of(node) not in saying or not node.args:
                continue
            if name_of(node) == "Ours" and isinstance(node.args[0], ast.Attribute):
                templates |= set(WORDS[node.args[0].attr])
                continue
            for value in node.args if name_of(node) == "Message" else node.args[:1]:
                found = sentences_in(value, known)
                if found is None and ast.unparse(value) not in SAID_BEFORE:
                    odd.append(f"{path.relative_to(ROOT)}:{node.lineno} {ast.unparse(value)[:80]}")
                templates |= set(found or ())
    return templates - {""}, odd


def names_in(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_a_sentence_is_a_template_and_never_put_together_before():
    templates, odd = collect()
    assert odd == []
    assert len(templates) > 200


def test_the_look_sees_an_f_string():
    """The control."""
    call = ast.parse('DomainError(f"{name} is missing.")').body[0].value
    assert sentences_in(call.args[0], {}) is None
    assert sentences_in(ast.parse("OWN", mode="eval").body, {"OWN": ast.Constant("Hers.")}) == ["Hers."]


CLOSED = {"state", "medium", "kind", "role", "reason", "outcome", "standing", "verdict", "source"}


def what_is_said(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    """Names of sentences and what stands for each: `said={...}`, also where it is put together before, and what say() and tell() take."""
    for node in ast.walk(tree):
        held = [one.value for one in getattr(node, "keywords", []) if one.arg == "said"]
        if isinstance(node, ast.Assign) and [getattr(one, "id", "") for one in node.targets] == ["said"]:
            held.append(node.value)
        for one in held:
            if isinstance(one, ast.Dict):
                yield from ((key.value, value) for key, value in zip(one.keys, one.values, strict=True) if key)
        if name_of(node) in ("say", "tell"):
            yield from ((one.arg, one.value) for one in node.keywords if one.arg)


def is_english(value: ast.expr) -> bool:
    """A field of ours with a few words, or words written out: in a sentence of another language they would be English."""
    if name_of(value) in ("Ours", "say"):
        return False
    if isinstance(value, ast.Attribute):
        return value.attr in CLOSED
    texts = [one.value for one in ast.walk(value) if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    return any(re.search(r"[a-z] [a-z]", text) for text in texts)


def test_no_english_word_of_ours_stands_in_a_sentence_of_another_language():
    odd, seen = [], 0
    for path, tree in modules():
        if "from kernel" not in path.read_text(encoding="utf-8"):
            continue
        for name, value in what_is_said(tree):
            seen += 1
            if is_english(value):
                odd.append(f"{path.relative_to(ROOT)}:{value.lineno} {name}: {ast.unparse(value)[:80]}")
    assert odd == [], "Ours(...) of kernel/say.py, or a sentence of its own"
    assert seen > 200


def test_the_look_sees_english_words_in_a_sentence():
    """The control."""
    seen = {
        text: is_english(ast.parse(text, mode="eval").body)
        for text in (
            "batch.state",
            "Ours(batch.state)",
            "f'it takes {known}'",
            "batch.name",
            "'a text' if one else name",
            "', '.join(names)",
        )
    }
    assert [text for text, bad in seen.items() if bad] == [
        "batch.state",
        "f'it takes {known}'",
        "'a text' if one else name",
    ]


def test_a_refusal_has_a_code_or_names_the_field_that_is_wrong():
    bare = []
    for path, tree in modules():
        for node in ast.walk(tree):
            if name_of(node) not in KINDS - {"TooFast"}:
                continue
            given = {one.arg for one in node.keywords}
            if not given & ({"code", None} if name_of(node) in VAGUE else {"code", "field", None, "status"}):
                bare.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert bare == []


def compiled(path: Path) -> dict[str, str]:
    with path.with_suffix(".mo").open("rb") as file:
        catalogue = gettext.GNUTranslations(file)._catalog
    return {text: said for text, said in catalogue.items() if isinstance(text, str) and text}


def said_in_mails() -> set[str]:
    """Of our own; allauth's are in the catalogue, too."""
    mails = sorted((PAGES.parent / "templates/account/email").glob("*.txt"))
    texts = [re.findall(r"%\}([^{]+(?:\{\{ \w+ \}\}[^{]*)*)\{% endblocktranslate", path.read_text()) for path in mails]
    return {re.sub(r"\{\{ (\w+) \}\}", r"%(\1)s", text) for found in texts for text in found}


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-3])
def test_every_sentence_has_its_translation_with_the_same_names(path):
    """Refusals and messages in every language; what the console's pages say in those of the console."""
    own, pages = compiled(path), PAGES / path.parts[-3] / "LC_MESSAGES/django.po"
    known = {text.replace("%%", "%"): said for text, said in own.items()}
    assert sorted(text for text in collect(pages=False)[0] | said_in_mails() if not known.get(text)) == []
    if pages.exists():
        known = {text.replace("%%", "%"): said for text, said in (compiled(pages) | own).items()}
        assert sorted(text for text in collect()[0] if not known.get(text)) == []
    assert {text for text, said in known.items() if python_names(text) != python_names(said)} == set()
    templates = {text for text in collect()[0] & known.keys() if "%(" not in text}
    literal = {text for text in templates if "{" in text and not re.search(r"\{\w+\}", text)}
    assert {text: known[text] for text in templates - literal if names_in(text) != names_in(known[text])} == {}


def python_names(text: str) -> set[str]:
    return set(re.findall(r"%\((\w+)\)[sd]", text))


def test_the_mails_are_read():
    """The control."""
    assert len(said_in_mails()) == 4
    assert (
        "The phone number of your Ilima account is now %(phone)s. If it was not you, tell us at once."
        in said_in_mails()
    )


def test_every_language_says_the_same():
    """One catalogue has what another has; no sentence is left in English."""
    said = {path.parts[-3]: compiled(path) for path in CATALOGUES}
    everything = set().union(*said.values())
    assert {language: everything - own.keys() for language, own in said.items() if everything - own.keys()} == {}
    left = {(language, text) for language, own in said.items() for text, as_said in own.items() if as_said == text}
    assert {one for one in left if len(re.sub(r"\{\w+\}", "", one[1]).split()) > 2} == set()


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-3])
def test_the_catalogue_is_compiled(path):
    written = dict(re.findall(r'^msgid "(.+)"\nmsgstr "(.+)"$', path.read_text(encoding="utf-8"), re.MULTILINE))
    plain = {ast.literal_eval(f'"{text}"'): ast.literal_eval(f'"{said}"') for text, said in written.items()}
    assert len(plain) > 150
    assert {text: said for text, said in plain.items() if compiled(path).get(text) != said} == {}, "run msgfmt"
