"""What a translation must have in common with its English: the names in braces, plural forms, marks of a page. Pure."""

from __future__ import annotations

import re
from string import Formatter

from kernel.errors import DomainError
from kernel.texts import is_text

MOST = 2_000  # the longest sentence of ours has 900
FIELD = "text"
_PLURAL = re.compile(r"\s*(\w+)\s*,\s*plural\s*,", re.ASCII)
_NAME = re.compile(r"\s*(\w+)\s*\}", re.ASCII)
_OPTION = re.compile(r"\s*(=\d+|\w+)\s*\{", re.ASCII)
_END = re.compile(r"\s*\}")
_MARKS = re.compile(r"<[^<>]*>|[<>]")
_PERCENT = re.compile(r"%\((\w+)\)[sd]|%%|%", re.ASCII)


class Broken(ValueError):
    """Braces that do not close, or a plural without its forms."""


def check(english: str, shipped: str, text: object, on_phone: bool) -> str:
    """The words, blanks around them left out; refused with what is missing in them."""
    if not is_text(text, MOST):
        raise DomainError("Write the sentence: 1 to {most} characters.", field=FIELD, said={"most": MOST})
    said = text.strip()
    if ("\n" in said or "\r" in said) and "\n" not in english:
        raise DomainError("Write the sentence on one line, as the English one.", field=FIELD, code="one_line")
    if _marks(said) not in (_marks(english), _marks(shipped)):
        raise DomainError("Keep angle brackets as they are in English, and add none.", field=FIELD, code="marks")
    try:
        _check_names(english, said, on_phone)
        if on_phone:
            _check_plurals(shipped, said)
    except Broken:
        raise DomainError("The braces do not match: write them as in English.", field=FIELD, code="braces") from None
    return said


def _marks(text: str) -> list[str]:
    """A page may show a sentence as it is: it has no tag but those that came with the code."""
    return sorted(_MARKS.findall(text))


def _check_names(english: str, said: str, on_phone: bool) -> None:
    wanted, given = names_in(english, on_phone), names_in(said, on_phone)
    if wanted != given:
        names = ", ".join(sorted(wanted)) or "–"
        raise DomainError(
            "Keep the names as in English, no more and no fewer: {names}.", field=FIELD, said={"names": names}
        )


def names_in(text: str, on_phone: bool) -> set[str]:
    """Each name as it is written: {most}, or %(code)s of a mail."""
    if on_phone:
        return {f"{{{name}}}" for name, _ in _places(text)}
    if "%(" in text:
        return {found[0] for found in _PERCENT.finditer(text) if found[0] != "%%"}
    try:
        places = [place for _, *place in Formatter().parse(text) if place[0] is not None]
    except ValueError as bad:
        raise Broken(text) from bad
    return {f"{{{name}{'!' + how if how else ''}{':' + spec if spec else ''}}}" for name, spec, how in places}


def _check_plurals(shipped: str, said: str) -> None:
    """The forms that the language has are those of the translation that came with the code."""
    needed = {(name, form) for name, forms in _places(shipped) for form in forms if not form.startswith("=")}
    missing = needed - {(name, form) for name, forms in _places(said) for form in forms}
    if missing:
        forms = ", ".join(sorted(form for _, form in missing))
        raise DomainError("These plural forms are missing: {forms}.", field=FIELD, said={"forms": forms})


def _places(text: str) -> list[tuple[str, tuple[str, ...]]]:
    """(name, its plural forms) of each place, those inside of plurals too. The phone reads the same: worker_app/src/i18n/message.ts."""
    found: list[tuple[str, tuple[str, ...]]] = []
    if _read(text, 0, False, found) != len(text):
        raise Broken(text)
    return found


def _read(text: str, at: int, nested: bool, found: list) -> int:
    """As far as the text goes, or, inside of a plural, to the brace that ends it."""
    while at < len(text) and not (nested and text[at] == "}"):
        if text[at] == "{":
            at = _place(text, at + 1, found)
        elif text[at] == "}":
            raise Broken(text)
        else:
            at += 1
    return at


def _place(text: str, at: int, found: list) -> int:
    if plain := _NAME.match(text, at):
        found.append((plain[1], ()))
        return plain.end()
    head = _PLURAL.match(text, at)
    if not head:
        raise Broken(text)
    at, forms = head.end(), []
    while option := _OPTION.match(text, at):
        forms.append(option[1])
        at = _closed(text, _read(text, option.end(), True, found))
    if "other" not in forms:
        raise Broken(text)
    found.append((head[1], tuple(forms)))
    return _closed(text, at)


def _closed(text: str, at: int) -> int:
    end = _END.match(text, at)
    if not end:
        raise Broken(text)
    return end.end()
