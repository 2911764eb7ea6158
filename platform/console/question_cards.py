"""The questions that a project's settings hold, for a type whose answers are several: a card each, to be typed, moved, added and taken out.
Nothing is kept between two presses of a key but what stands in the form itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from console.base_form import choose_among
from console.forms import read_label, write_labels
from console.setting_fields import SettingsForm
from labelling import task_types
from labelling.models import Project
from labelling.task_types.label_names import name_of, same_name
from labelling.task_types.settings import said

MAX_CARDS = 40
MOVES = {"up": -1, "down": 1}
_DO = re.compile(r"(save|show|add|remove|up|down)(?::(\d{1,2}))?\Z")


class Card(SettingsForm):
    """One question. What depends on its type stands behind it: labels, and the settings of the type."""

    id = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    title_en = forms.CharField(label=gettext_lazy("What is asked"), max_length=300, required=False)
    title_zu = forms.CharField(label=gettext_lazy("The same in isiZulu"), max_length=300, required=False)
    type = forms.ChoiceField(label=gettext_lazy("How it is answered"), required=False)
    required = forms.BooleanField(label=gettext_lazy("It must be answered"), required=False)
    labels = forms.CharField(
        label=gettext_lazy("Labels"), required=False, widget=forms.Textarea(attrs={"rows": 5, "spellcheck": "false"}),
        help_text=gettext_lazy("One a line, in your own words. Behind a | with blanks around it: the same in isiZulu."),
    )  # fmt: skip
    each = forms.CharField(
        label=gettext_lazy("Asked of each part that is"), required=False, max_length=200,
        help_text=gettext_lazy("Roles of parts, such as candidate or assistant, with commas between; empty: it is asked once."),
    )  # fmt: skip
    if_question = forms.ChoiceField(label=gettext_lazy("Asked only after this question"), required=False)
    if_is = forms.CharField(
        label=gettext_lazy("where its answer is"), required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("One label a line; of an answer that is a number: from 2 to 5."),
    )  # fmt: skip
    weight = forms.IntegerField(label=gettext_lazy("Weight in the score"), required=False, min_value=0, max_value=1000)
    points = forms.CharField(
        label=gettext_lazy("What each answer is worth"), required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("One label a line, such as Yes = 1; of an answer that is a number: the worst and the best, such as 0 to 5."),
    )  # fmt: skip
    veto = forms.CharField(
        label=gettext_lazy("Answers that make the score 0"), required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("One label a line."),
    )  # fmt: skip

    def __init__(self, *args, project: Project, earlier: list[tuple[str, str]], **kwargs):
        super().__init__(*args, **kwargs)
        self.project = project
        language = get_language() or "en"
        fitting = [one for one in task_types.every() if project.medium in one.media and one.name != project.task_type]
        choose_among(self, "type", [(one.name, said(one.title, language)) for one in fitting])
        choose_among(self, "if_question", [("", _("Always")), *earlier])
        chosen = self.data.get(self.add_prefix("type")) or self.initial.get("type")
        kind = next((one for one in fitting if one.name == chosen), fitting[0])
        self.has_parts = project.medium == "parts"
        self.has_labels = kind.needs_labels
        self.add_settings(kind.name, self.initial.get("settings", {}))

    @property
    def name(self) -> str:
        return self.data.get(self.add_prefix("title_en")) or self.initial.get("title_en") or ""

    def question(self, before: Mapping[str, Any]) -> dict[str, Any]:
        """As the project's settings hold it. before: the labels that it had, by their names: they stay the same labels."""
        typed = self.cleaned_data
        titles = {"en": typed["title_en"].strip(), "zu": typed["title_zu"].strip()}
        made: dict[str, Any] = {
            "title": {language: title for language, title in titles.items() if title},
            "type": typed["type"] or self.kind.name,
            "settings": self.said_settings(),
        }
        if typed["id"]:
            made["id"] = typed["id"]
        if self.has_labels:
            made["settings"]["labels"] = [_same(label, before) for label in _labels(typed["labels"])]
        if "language" in self.kind.settings:
            made["settings"]["language"] = self._language()
        if not typed["required"]:
            made["required"] = False
        if roles := [role.strip() for role in typed["each"].split(",") if role.strip()]:
            made["each"] = roles
        return made | self._condition() | self._rubric()

    def _language(self) -> str:
        """As it was; a new question is answered in the language of the project's data."""
        asked = {one["id"]: one.get("settings", {}) for one in self.project.config["questions"]}
        return asked.get(self.cleaned_data["id"], {}).get("language") or self.project.language

    def _condition(self) -> dict[str, Any]:
        typed = self.cleaned_data
        if not typed["if_question"]:
            return {}
        numbers = _numbers(typed["if_is"])
        answer = {"from": numbers[0], "to": numbers[1]} if numbers else {"is": _lines(typed["if_is"])}
        return {"show_if": {"question": typed["if_question"], **answer}}

    def _rubric(self) -> dict[str, Any]:
        typed, made = self.cleaned_data, {}
        if typed["weight"] is not None:
            made["weight"] = typed["weight"]
        if numbers := _numbers(typed["points"]):
            made["scale"] = list(numbers)
        elif typed["points"].strip():
            pairs = [line.rpartition("=") for line in _lines(typed["points"])]
            made["points"] = {label.strip(): _number(worth) for label, _sign, worth in pairs}
        if typed["veto"].strip():
            made["veto"] = _lines(typed["veto"])
        return made


# --- what is typed --------------------------------------------------------------------------------------------------------
def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _labels(text: str) -> Iterator[dict]:
    return (read_label(line, place) for place, line in enumerate(filter(same_name, text.splitlines())))


def _same(label: dict, before: Mapping[str, Any]) -> dict:
    known = before.get(same_name(label["name"]["en"]))
    return {**known, "name": {**known["name"], **label["name"]}} if known else label


_RANGE = re.compile(r"(?:from |kusuka ku-)?\s*(-?\d{1,6})\s*(?:to|kuya ku-?|–|\.\.)\s*(-?\d{1,6})\Z", re.I)


def _numbers(text: str) -> tuple[int, int] | None:
    found = _RANGE.match(text.strip())
    return (int(found[1]), int(found[2])) if found else None


def _number(text: str) -> int | str:
    """What is no number is left for the check to say."""
    return int(text) if text.strip().isascii() and text.strip().isdigit() and len(text) < 8 else text.strip()


# --- what stands in the settings --------------------------------------------------------------------------------------------
def typed_of(question: Mapping[str, Any]) -> dict[str, Any]:
    """A question as its card shows it."""
    settings = question.get("settings", {})
    names = {label["id"]: name_of(label) for label in settings.get("labels", [])}
    return {
        "id": question["id"],
        "title_en": question["title"].get("en", ""),
        "title_zu": question["title"].get("zu", ""),
        "type": question["type"],
        "required": question.get("required", True),
        "labels": write_labels(settings),
        "settings": settings,
        "each": ", ".join(question.get("each", [])),
        "if_question": question.get("show_if", {}).get("question", ""),
        "weight": question.get("weight"),
        "points": _points(question, names),
        "veto": "\n".join(names.get(one, one) for one in question.get("veto", [])),
    }


def _points(question: Mapping[str, Any], names: Mapping[str, str]) -> str:
    if "scale" in question:
        return "{} to {}".format(*question["scale"])
    return "\n".join(f"{names.get(label, label)} = {worth}" for label, worth in question.get("points", {}).items())


def _answers(condition: Mapping[str, Any], names: Mapping[str, str]) -> str:
    if "is" in condition:
        return "\n".join(names.get(one, one) for one in condition["is"])
    return "{from} to {to}".format(**condition) if condition else ""


# --- the cards ------------------------------------------------------------------------------------------------------------
def cards_of(project: Project) -> list[Card]:
    """Of what the project asks now."""
    questions = project.config["questions"]
    names = {label["id"]: name_of(label) for one in questions for label in one.get("settings", {}).get("labels", [])}
    cards: list[Card] = []
    earlier: list[tuple[str, str]] = []
    for place, one in enumerate(questions):
        initial = typed_of(one) | {"if_is": _answers(one.get("show_if", {}), names)}
        cards.append(Card(project=project, earlier=list(earlier), prefix=f"q{place}", initial=initial))
        earlier.append((one["id"], one["title"].get("en") or one["id"]))
    return cards


def cards_typed(project: Project, typed: Mapping[str, str]) -> list[Card]:
    """Of what was sent, after the key that was pressed."""
    order = _order(typed)
    found: list[Card] = []
    earlier: list[tuple[str, str]] = []
    for place, number in enumerate(order):
        data = {f"q{place}-{name}": value for name, value in _of_card(typed, number).items()}
        card = Card(data, project=project, earlier=list(earlier), prefix=f"q{place}", initial={"required": True})
        found.append(card)
        own = data.get(f"q{place}-id", "")
        if own:
            earlier.append((own, card.name or own))
    return found


def _order(typed: Mapping[str, str]) -> list[int]:
    """The numbers of the cards as they were sent, in their new order; a new card has a number that nobody had."""
    count = min(
        int(typed.get("cards", "0")) if typed.get("cards", "").isdecimal() and len(typed["cards"]) < 3 else 0, MAX_CARDS
    )
    order, (do, place) = list(range(count)), told(typed)
    if do == "add" and count < MAX_CARDS:
        order.append(count)
    elif do == "remove" and place in order:
        order.remove(place)
    elif do in MOVES and place in order:
        there = place + MOVES[do]
        if there in order:
            order[place], order[there] = order[there], order[place]
    return order


def told(typed: Mapping[str, str]) -> tuple[str, int]:
    """The key that was pressed, and of which card it is."""
    found = _DO.match(typed.get("do", "save"))
    return (found[1], int(found[2] or -1)) if found else ("save", -1)


def _of_card(typed: Mapping[str, str], number: int) -> dict[str, str]:
    start = f"q{number}-"
    own = {name.removeprefix(start): value for name, value in typed.items() if name.startswith(start)}
    return own or {"required": "on", "id": ""}
