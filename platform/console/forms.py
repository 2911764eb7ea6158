"""What the console asks for. Forms only read what was typed; the rules live in the verbs."""

import re
from decimal import Decimal

from django import forms
from django.conf import settings
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from console.base_form import Form
from console.display_names import CONTENT, LANGUAGES, STATES
from console.setting_fields import SettingsForm
from console.templatetags.console import money
from kernel.errors import DomainError
from kernel.money import EITHER, MICRO, PLAIN, NoAmount, read_micro
from labelling.batches.lease_times import MAX_PACK_S, MAX_S, MIN_S
from labelling.task_types.label_names import colour_of, name_of, same_name
from payouts.providers import default_provider, get_provider
from people.actions.add_webhook import EVENTS
from people.actions.make_token import SCOPES
from people.models import Membership, Organisation

PERCENT = 10_000  # millionths
MAX_MICRO = 10**15  # a thousand million: more is a slip of the finger, and no column holds it


NO_AMOUNT = {
    PLAIN: _("Write an amount such as 0.014, with at most six decimals."),
    EITHER: _("A comma before three digits can mean thousands or decimals: write 1000 or 1.000."),
}


class MoneyField(forms.Field):
    """An amount as people write it, to exact micro-units."""

    def __init__(self, **kwargs):
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        super().__init__(**kwargs)

    def to_python(self, value) -> int | None:
        text = str(value or "").strip()
        if text == "":
            return None
        try:
            micro = read_micro(text)
        except NoAmount as bad:
            raise forms.ValidationError(NO_AMOUNT[str(bad)]) from bad
        if abs(micro) > MAX_MICRO:
            raise forms.ValidationError(_("Write a smaller amount: this is more than anybody has."))
        return micro

    def prepare_value(self, value):
        return f"{Decimal(value) / MICRO:f}".rstrip("0").rstrip(".") if isinstance(value, int) else value


class PercentField(forms.DecimalField):
    """A share as people write it, with a point or a comma, in millionths."""

    def __init__(self, *, least_ppm: int, most_ppm: int, **kwargs):
        super().__init__(min_value=Decimal(least_ppm) / PERCENT, max_value=Decimal(most_ppm) / PERCENT, **kwargs)

    def to_python(self, value):
        return super().to_python(str(value or "").replace(",", "."))

    def clean(self, value):
        share = super().clean(value)
        return None if share is None else round(share * PERCENT)

    def prepare_value(self, value):
        return f"{Decimal(value) / PERCENT:f}" if isinstance(value, int) else value


class TimeField(forms.IntegerField):
    """Seconds, asked in whole minutes or hours."""

    def __init__(self, unit_s: int, least_s: int, most_s: int, **kwargs):
        super().__init__(min_value=-(-least_s // unit_s), max_value=most_s // unit_s, **kwargs)
        self.unit_s = unit_s

    def clean(self, value) -> int | None:
        units = super().clean(value)
        return None if units is None else units * self.unit_s

    def prepare_value(self, value):
        return value // self.unit_s if isinstance(value, int) else value


# Where a form asks otherwise than the verb.
ASKED_AS = {
    "target_ppm": "target", "config.labels": "labels", "error_ppm": "error", "confidence_ppm": "confidence",
    "reference_error_ppm": "reference", "half_width_ppm": "half_width", "budget_micro": "budget",
}  # fmt: skip


def refuse(form: forms.Form, refusal: DomainError) -> None:
    """Show a verb's refusal beside its field, or on top when the form has no such field."""
    field = ".".join(refusal.field.split("[")[0].split(".")[:2])
    field = ASKED_AS.get(field, field)
    form.add_error(field if field in form.fields else None, in_the_forms_words(form, str(refusal)))


def in_the_forms_words(form: forms.Form, sentence: str) -> str:
    """A verb's sentence names fields and amounts as programs do; here they are called what the form calls them."""
    for name, asked in {**ASKED_AS, **{name: name for name in form.fields}}.items():
        if asked in form.fields and re.search(r"[_.]", name):
            sentence = re.sub(rf"\b{re.escape(name)}\b", f"“{form.fields[asked].label}”", sentence)
    return re.sub(r"\b(\d+) micro-units\b", lambda found: money(int(found[1]), settings.CURRENCY), sentence)


def warnings_field() -> forms.MultipleChoiceField:
    told = _(
        "People read it before the first task, and pictures, films and texts are covered until they ask to see them. Who never wants to "
        "see it is not asked. It pays at least {uplift} % more than the floor."
    )
    return forms.MultipleChoiceField(
        label=_("What in it may disturb people"), choices=list(CONTENT.items()), required=False,
        widget=forms.CheckboxSelectMultiple, help_text=format_lazy(told, uplift=f"{settings.CONTENT_UPLIFT_BPS / 100:g}"),
    )  # fmt: skip


class ProjectForm(SettingsForm):
    organisation = forms.ModelChoiceField(
        queryset=Organisation.objects.none(), label=_("Organisation"), empty_label=None
    )
    title = forms.CharField(label=_("Name of the project"), max_length=120)
    title_zu = forms.CharField(label=_("Its name in isiZulu"), max_length=120, required=False)
    labels = forms.CharField(
        label=_("Labels"),
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
        help_text=_("One a line, in your own words. Behind a | with blanks around it: the same in isiZulu."),
        required=False,
    )
    instructions_en = forms.CharField(label=_("Instructions in English"), widget=forms.Textarea(attrs={"rows": 9}))
    instructions_zu = forms.CharField(
        label=_("Instructions in isiZulu"), widget=forms.Textarea(attrs={"rows": 9}), required=False
    )
    target = PercentField(
        label=_("Sure enough at"), least_ppm=500_000, most_ppm=999_000, decimal_places=1,
        help_text=_("Confidence in per cent at which an item is done."),
    )  # fmt: skip
    min_answers = forms.IntegerField(label=_("Answers at least"), min_value=1, max_value=50)
    max_answers = forms.IntegerField(label=_("Answers at most"), min_value=1, max_value=50)
    estimated_task_s = forms.IntegerField(label=_("Seconds for one task"), min_value=1, max_value=3600)
    language = forms.ChoiceField(label=_("Language of the data"), choices=[])
    warnings = warnings_field()

    def __init__(self, *args, organisations, entry=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations
        self.fields["language"].choices = LANGUAGES
        if entry:
            self.add_settings(entry["task_type"], entry["config"])

    def clean_labels(self) -> list[dict]:
        lines = filter(same_name, self.cleaned_data["labels"].splitlines())
        return [read_label(line, place) for place, line in enumerate(lines)]


_BEHIND = re.compile(r"\s\|\s")


def read_label(line: str, place: int) -> dict:
    """`Cat | Ikati` as a label of a project's config: its id is made by whoever keeps it."""
    own, *translated = (part.strip() for part in _BEHIND.split(line.strip()))
    if len(translated) > 1:
        say = _("“%(line)s” has more than one |: write the label, and behind one | its name in isiZulu.")
        raise forms.ValidationError(say, params={"line": line.strip()[:80]})
    names = {"en": own, **({"zu": translated[0]} if translated and translated[0] else {})}
    return {"name": names, "colour": colour_of(place)}


def write_labels(config: dict) -> str:
    labels = config.get("labels", [])
    return "\n".join(" | ".join(filter(None, (name_of(one), one["name"].get("zu")))) for one in labels)


class BatchForm(Form):
    name = forms.CharField(label=_("Name of the batch"), max_length=120)
    base_micro = MoneyField(label=_("Pay for each answer"))
    bonus_micro = MoneyField(label=_("Bonus for skill, at most"), required=False)
    top_up_micro = MoneyField(
        label=_("Topped up, at most"), required=False,
        help_text=_("For each answer, where tasks take longer than you thought. Without it the batch is paused then."),
    )  # fmt: skip
    limit = forms.IntegerField(
        label=_("Items, at most"), min_value=1, required=False, help_text=_("Empty: all undecided items.")
    )
    min_answers = forms.IntegerField(label=_("Answers at least"), min_value=1, max_value=50, required=False)
    max_answers = forms.IntegerField(label=_("Answers at most"), min_value=1, max_value=50, required=False)
    lease_s = TimeField(
        60, MIN_S, MAX_S, label=_("Minutes that a task is lent"), required=False,
        help_text=_("Who has not answered by then gives it back."),
    )  # fmt: skip
    pack_s = TimeField(
        3600, 0, MAX_PACK_S, label=_("Hours, where tasks are taken along"), required=False,
        help_text=_("For work without a network. 0: none may be taken along."),
    )  # fmt: skip
    deadline = forms.DateTimeField(
        label=_("Deadline, in UTC"), required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"invalid": _("Write a time such as 2030-01-31 12:00.")},
        help_text=_("Empty: none. At the deadline the batch closes, and what nobody has earned comes back to your funds."),
    )  # fmt: skip

    def as_typed(self) -> dict:
        """The initial values as if they had been typed."""
        return {name: field.prepare_value(self.initial.get(name, "")) for name, field in self.fields.items()}


class DepositForm(Form):
    id = forms.UUIDField(widget=forms.HiddenInput)
    amount_micro = MoneyField(label=_("Amount"))
    card = forms.CharField(label=_("Card"), max_length=100, help_text=_("The payment page's token."))
    project = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)  # whose batch it is for

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if get_provider(default_provider()).practice:
            self.fields["card"].help_text = _("No real money moves here, this rail only practises: card-ok is paid.")
            self.fields["card"].initial = "card-ok"


class TransferForm(Form):
    id = forms.UUIDField(widget=forms.HiddenInput)
    organisation = forms.IntegerField(label=_("Number of the organisation"), min_value=1)
    amount_micro = MoneyField(label=_("Amount"))
    reference = forms.CharField(label=_("Reference of the bank's statement"), max_length=80)


class OrganisationForm(Form):
    name = forms.CharField(label=_("Name"), max_length=120)


class MemberForm(Form):
    address = forms.CharField(label=_("E-mail address or phone number"), max_length=254)
    role = forms.ChoiceField(
        label=_("Role"),
        choices=[(role, STATES[role]) for role in Membership.Role.values],
        initial=Membership.Role.VIEWER,
    )


class TokenForm(Form):
    name = forms.CharField(label=_("What it is for"), max_length=80)
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"),
        choices=[
            (SCOPES[0], _("work: draw tasks and answer as me")),
            (SCOPES[1], _("wallet: see my money and have it paid out")),
            (SCOPES[2], _("projects: upload, fund, read and download")),
            (SCOPES[3], _("label: ask the label API")),
        ],
        widget=forms.CheckboxSelectMultiple,
    )


class WebhookForm(Form):
    organisation = forms.ModelChoiceField(
        queryset=Organisation.objects.none(), label=_("Organisation"), empty_label=None
    )
    url = forms.CharField(label=_("Address"), max_length=500, widget=forms.URLInput)
    events = forms.MultipleChoiceField(
        label=_("It hears of"),
        choices=list(
            zip(
                EVENTS,
                (
                    _("each item that is decided"),
                    _("each answer of the label API"),
                    _("a promise beyond its budget"),
                    _("a promise on the label API beyond its budget"),
                    _("a judge that was stopped"),
                ),
                strict=True,
            )
        ),
        initial=EVENTS,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args, organisations, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations


class UrlsForm(Form):
    urls = forms.CharField(
        label=_("Addresses, one a line"), widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"})
    )
