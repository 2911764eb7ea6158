"""Flags in words: what was seen, how often an honest worker shows as much, and the way to the very answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consensus.app.models import WorkerFlag
from console.answer_rendering import label_names
from labelling.models import Ban
from people.models import Worker

NAMES = {
    "random": gettext_lazy("answers at random"),
    "one_label": gettext_lazy("always one label"),
    "pattern": gettext_lazy("answers by a pattern"),
    "ring": gettext_lazy("copies"),
    "fast": gettext_lazy("machine-fast"),
    "constant": gettext_lazy("machine-even"),
    "drift": gettext_lazy("changed"),
    "hurried": gettext_lazy("faster than anybody can"),
    "chance": gettext_lazy("answers that tell nothing"),
    "picky": gettext_lazy("answers known items only"),
}
RARE = 1_000_000


@dataclass(frozen=True)
class ShownFlag:
    row: WorkerFlag
    name: str
    sentence: str
    chance: str
    link: str
    is_bad: bool  # False: something changed for the better
    stood_at_ban: bool


def show_flags(worker: Worker, flags: Iterable[WorkerFlag], bans: Iterable[Ban], language: str) -> list[ShownFlag]:
    """Two statements for any number of flags: flags and bans are given, the names of the partners are fetched."""
    flags, bans = list(flags), list(bans)
    named = {flag.partners[0] for flag in flags if flag.partners}
    partners = dict(Worker.objects.filter(pk__in=named).values_list("pk", "pseudonym")) if named else {}
    return [_shown(worker, flag, bans, partners, language) for flag in flags]


def _shown(worker: Worker, flag: WorkerFlag, bans: list[Ban], partners: Mapping[int, str], language: str) -> ShownFlag:
    change = flag.evidence.get("change", 0)
    return ShownFlag(
        row=flag,
        name=str(NAMES[flag.kind]),
        sentence=sentence_of(flag.kind, flag.evidence, _label(flag, language), _partner(flag, partners)),
        chance=_chance(flag.p_value),
        link=_link(worker, flag),
        is_bad=change <= 0,
        stood_at_ban=any(_stood_at(flag, ban.starts_at) for ban in bans if ban.project_id in (None, flag.project_id)),
    )


def sentence_of(kind: str, numbers: Mapping[str, Any], label: str, partner: str) -> str:
    """What was counted, in words. label and partner: the names of those that the kind tells of."""
    return _template(kind) % (_holes(numbers) | {"label": label, "partner": partner})


def _template(kind: str) -> str:
    return (_of_answers() | _of_pace() | _of_company())[kind]


def _of_answers() -> dict[str, str]:
    """What she says, beside what is true."""
    return {
        "random": _(
            "Of %(answers)s answers, about %(right)s agree with what the others find true; the same answers in any other order "
            "would reach %(right_by_chance)s. They fit somebody who looks at %(attention)s of the items."
        ),
        "one_label": _(
            "%(label_answers)s of %(answers)s answers are “%(label)s”; in this project it is given about %(label_expected)s times "
            "in so many. They fit somebody who looks at %(attention)s of the items."
        ),
        "pattern": _(
            "Repeats the answer given %(every)s answers before, %(repeats)s times in %(answers)s; about %(repeats_expected)s times "
            "would be usual. The answers fit somebody who looks at %(attention)s of the items."
        ),
        "drift": _(
            "Right about %(before)s of the time in the first %(answers_before)s answers, %(after)s in the %(answers_after)s since "
            "%(from)s, on items no harder or easier for others."
        ),
    }


def _of_pace() -> dict[str, str]:
    """How fast."""
    return {
        "fast": _(
            "%(answers)s answers came faster than people work: %(window)s in a row took %(seconds)s s each (%(least_s)s to "
            "%(most_s)s s); others take about %(usual_s)s s for the same items."
        ),
        "constant": _(
            "%(answers)s answers came more evenly than people work: %(window)s in a row took between %(least_s)s and %(most_s)s s."
        ),
        "hurried": _(
            "%(answers)s of the last %(window)s answers came faster than a person can see the item and tap: in %(seconds)s s. This "
            "limit is of the body and does not come from other workers."
        ),
    }


def _of_company() -> dict[str, str]:
    """With whom, or with what she knows beforehand."""
    return {
        "ring": _(
            "The same answer as %(partner)s on %(same)s of %(shared)s shared items; two independent workers with their records "
            "would have it on about %(same_expected)s. On %(same_wrong)s items both gave the same answer that the others find wrong "
            "(usual: about %(same_wrong_expected)s). %(ring_size)s workers hang together in this way."
        ),
        "chance": _(
            "Of %(pairs)s pairs with others on the same items %(same)s are the same; by chance it would be %(same_by_chance)s, and with "
            "no single other is it more. Known items right: %(gold_right)s of %(gold_seen)s. The others may be the machines."
        ),
        "picky": _(
            "Answered %(gold_answered)s of %(gold_lent)s known items and %(work_answered)s of %(work_lent)s others; who cannot tell them "
            "apart hands both back alike."
        ),
    }


def _holes(numbers: Mapping[str, Any]) -> dict[str, str]:
    holes = {key: _number(value) for key, value in numbers.items()}
    holes |= {key: f"{100 * numbers[key]:.0f} %" for key in ("attention", "before", "after") if key in numbers}
    if "from" in numbers:
        holes["from"] = date_format(_moment(numbers["from"]), "Y-m-d H:i")
    return holes


def _label(flag: WorkerFlag, language: str) -> str:
    if "label" not in flag.evidence:
        return ""
    return label_names(flag.project, language).get(flag.evidence["label"], (str(flag.evidence["label"]), ""))[0]


def _partner(flag: WorkerFlag, partners: Mapping[int, str]) -> str:
    return partners.get(flag.partners[0], "–") if flag.partners else "–"


def _number(value: object) -> str:
    """Counts whole, seconds with what matters of them."""
    if not isinstance(value, float):
        return str(value)
    return f"{value:.0f}" if value >= 10 or value == int(value) else f"{value:.1f}" if value >= 1 else f"{value:.2g}"


def _moment(text: str) -> datetime:
    found = parse_datetime(text)
    if found is None:
        raise ValueError(f"evidence holds {text!r}, which is no time.")
    return found


def _chance(p_value: float) -> str:
    if p_value * RARE < 1:
        return _("An honest worker shows as much less than once in a million times")
    return _("An honest worker shows as much at most once in %(times)s times") % {"times": f"{round(1 / p_value):,}"}


def _link(worker: Worker, flag: WorkerFlag) -> str:
    if flag.kind == "ring" and flag.partners:
        address = reverse("console:admin_beside", args=[worker.pk, flag.partners[0]])
        return f"{address}?{urlencode({'project': flag.project_id, 'which': 'same-wrong'})}"
    ends = {"from": flag.evidence.get("first_seq"), "to": flag.evidence.get("last_seq")}
    query = {"project": flag.project_id, **{key: value for key, value in ends.items() if value is not None}}
    return f"{reverse('console:admin_answers', args=[worker.pk])}?{urlencode(query)}"


def _stood_at(flag: WorkerFlag, moment: datetime) -> bool:
    return flag.first_seen <= moment and (flag.closed_at is None or flag.closed_at >= moment)
