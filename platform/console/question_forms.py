"""What is typed to change a question: read here, judged by the verbs."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from console.base_form import Form, choose_among
from console.display_names import LANGUAGES
from console.forms import MoneyField, warnings_field
from console.paging import whole_number
from console.setting_fields import SettingsForm
from labelling.content_reports import avoided_by
from labelling.models import Project, Team
from labelling.models.belts import holders_of
from labelling.task_types.label_names import colour_of

NEW_ROWS = 3
MAX_ROWS = 250
_AS_TYPED = (
    "title",
    "language",
    "min_answers",
    "max_answers",
    "estimated_task_s",
    "asks_belt",
    "asks_exam",
    "suggestions_enabled",
    "warnings",
)
KEEP, RETIRE, MERGE = "keep", "retire", "merge:"


class EditForm(SettingsForm):
    title = forms.CharField(label=_("Name of the project"), max_length=120)
    title_zu = forms.CharField(label=_("Its name in isiZulu"), max_length=120, required=False)
    instructions_en = forms.CharField(label=_("Instructions in English"), widget=forms.Textarea(attrs={"rows": 9}))
    instructions_zu = forms.CharField(
        label=_("Instructions in isiZulu"), widget=forms.Textarea(attrs={"rows": 9}), required=False
    )
    language = forms.ChoiceField(label=_("Language of the data"), choices=LANGUAGES)
    target = forms.DecimalField(
        label=_("Sure enough at"), min_value=Decimal(50), max_value=Decimal("99.9"), decimal_places=1,
        help_text=_("From the next decision, in open batches too."),
    )  # fmt: skip
    gold_share = forms.DecimalField(
        label=_("Known tasks mixed in"), min_value=Decimal(0), max_value=Decimal(50), decimal_places=1,
        help_text=_("From the next task that is lent; an open batch lends no more than it has set aside for."),
    )  # fmt: skip
    min_answers = forms.IntegerField(
        label=_("Answers at least"), min_value=1, max_value=50, help_text=_("From the next batch.")
    )
    max_answers = forms.IntegerField(
        label=_("Answers at most"), min_value=1, max_value=50, help_text=_("From the next batch.")
    )
    estimated_task_s = forms.IntegerField(
        label=_("Seconds for one task"), min_value=1, max_value=3600, help_text=_("From the next batch.")
    )
    asks_belt = forms.ChoiceField(
        label=_("New tasks are for"),
        choices=[
            ("seed", _("Everybody")),
            ("sprout", _("People with the belt “sprout” in this kind of work")),
            ("tree", _("People with the belt “tree” in this kind of work")),
        ],
    )
    asks_exam = forms.BooleanField(
        label=_("And only for people who have passed the exam of this project"), required=False,
    )  # fmt: skip
    asks_team = forms.TypedChoiceField(
        label=_("And only for one team"), required=False, coerce=int, empty_value=None,
        help_text=_("People whom you asked by a link; training and exams, too. Teams are made under Organisation."),
    )  # fmt: skip
    suggestions_enabled = forms.BooleanField(label=_("Show workers what the model suggests"), required=False)
    warnings = warnings_field()

    def __init__(self, *args, project: Project, **kwargs):
        super().__init__(*args, initial=typed_before(project), **kwargs)
        self.add_settings(project.task_type, project.config)
        teams = Team.objects.filter(organisation=project.organisation_id).order_by("-pk").values_list("pk", "name")
        choose_among(self, "asks_team", [("", _("No: for everybody")), *((str(pk), name) for pk, name in teams)])
        self.fields["asks_belt"].help_text = _(
            "From the next task that is lent. Now {sprout} people have “sprout” or more, {tree} have “tree”."
        ).format(**holders_of((project.task_type, project.medium)))
        if project.warnings:
            self.fields["warnings"].help_text = _("{n} people never want to see this, and are not asked.").format(
                n=avoided_by(project)["all"]
            )

    def changes(self, project: Project) -> dict[str, Any]:
        """As the verb takes them; instructions in other languages stay."""
        said = self.cleaned_data
        texts = project.instructions | {"en": said["instructions_en"], "zu": said["instructions_zu"]}
        titles = project.titles | {"zu": said["title_zu"]}
        return {name: said[name] for name in _AS_TYPED} | {
            "asks_team": said["asks_team"],
            "config": {**_without(project.config, self.setting_names), **self.said_settings()},
            "titles": {language: title for language, title in titles.items() if title.strip()},
            "instructions": {language: text for language, text in texts.items() if text.strip()},
            "target_ppm": int(said["target"] * 10_000),
            "gold_share_bps": int(said["gold_share"] * 100),
        }


def _without(config: Mapping[str, Any], names: Collection[str]) -> dict[str, Any]:
    return {name: value for name, value in config.items() if name not in names}


def typed_before(project: Project) -> dict[str, Any]:
    return {name: getattr(project, name) for name in _AS_TYPED} | {
        "asks_team": project.asks_team_id,
        "title_zu": project.titles.get("zu", ""),
        "instructions_en": project.instructions.get("en", ""),
        "instructions_zu": project.instructions.get("zu", ""),
        "target": Decimal(project.target_ppm) / 10_000,
        "gold_share": Decimal(project.gold_share_bps) / 100,
    }


class AgainForm(Form):
    """Which items are asked again, and at what price."""

    label = forms.ChoiceField(label=_("Decided as"), required=False)
    which = forms.ChoiceField(
        label=_("Of these"), required=False,
        choices=[
            ("all", _("All of them")),
            ("unsure", _("Only where the budget ran out")),
            ("older", _("Only what was asked before the last change")),
        ],
    )  # fmt: skip
    item = forms.IntegerField(required=False, widget=forms.HiddenInput)
    base_micro = MoneyField(label=_("Pay for each answer"))
    bonus_micro = MoneyField(label=_("Bonus for skill, at most"), required=False)
    min_answers = forms.IntegerField(label=_("Answers at least"), min_value=1, max_value=50)
    max_answers = forms.IntegerField(label=_("Answers at most"), min_value=1, max_value=50)

    def __init__(self, *args, labels: Mapping[str, tuple[str, str]], **kwargs):
        super().__init__(*args, **kwargs)
        choose_among(self, "label", [("", _("Any label")), *((pk, name) for pk, (name, _colour) in labels.items())])

    def price(self) -> dict[str, int]:
        names = ("base_micro", "bonus_micro", "min_answers", "max_answers")
        return {name: self.cleaned_data[name] or 0 for name in names}


@dataclass
class Labels:
    """What becomes of a project's labels, as it was typed."""

    labels: list[dict] = field(default_factory=list)
    merge: dict[str, str] = field(default_factory=dict)
    retire: list[str] = field(default_factory=list)


def rows_of(project: Project) -> list[dict]:
    """One a label, and some that are empty."""
    labels = project.config.get("labels", [])
    known = [
        {"id": one["id"], "en": one["name"].get("en", ""), "zu": one["name"].get("zu", ""), "colour": _hex(one, place)}
        for place, one in enumerate(labels)
    ]
    new = [{"id": "", "en": "", "zu": "", "colour": colour_of(len(labels) + n)} for n in range(NEW_ROWS)]
    return [{**row, "n": n, "place": n + 1} for n, row in enumerate([*known, *new])]


def _hex(label: dict, place: int) -> str:
    """A colour that the browser's own field can show."""
    colour = label.get("colour", "")
    return colour if len(colour) == 7 and colour.startswith("#") else colour_of(place)


def read_labels(project: Project, typed: Mapping[str, str]) -> Labels:
    """In the order of the numbers that stand before them; a row without a name is none."""
    before = {label["id"]: label for label in project.config.get("labels", [])}
    found, read = [], Labels()
    for n in range(MAX_ROWS):
        if f"id_{n}" not in typed:
            continue
        label, fate = typed[f"id_{n}"], typed.get(f"fate_{n}", KEEP)
        names = {language: typed.get(f"{language}_{n}", "").strip() for language in ("en", "zu")}
        if label and fate == RETIRE:
            read.retire.append(label)
        elif label and fate.startswith(MERGE):
            read.merge[label] = fate.removeprefix(MERGE)
        elif label or any(names.values()):
            place = whole_number(typed.get(f"place_{n}"))
            found.append((n + 1 if place is None else place, n, _label(before.get(label), names, typed, n)))
    read.labels = [label for _place, _n, label in sorted(found, key=lambda one: one[:2])]
    return read


def _label(before: dict | None, names: dict[str, str], typed: Mapping[str, str], n: int) -> dict:
    kept = before or {"name": {}}
    said = {language: name for language, name in {**kept["name"], **names}.items() if name}
    return {**kept, "name": said, "colour": typed.get(f"colour_{n}", "")[:20]}
