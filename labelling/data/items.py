"""A requester's items: found by words, by what was decided, by where they come from; in an order. Reading only.

Each way to look is one row of FILTERS; the console and the API take the same names and give the same refusals.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.db import connection
from django.db.models import BooleanField, Exists, F, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL

from kernel.errors import DomainError
from kernel.texts import is_text
from labelling import task_types
from labelling.models import BatchItem, Decision, Gold, Item, Lease, Project
from labelling.models.words import query_of
from labelling.projects.question_effects import with_label
from labelling.task_types.label_names import label_finder

MAX_WORDS = 200
STATES = ("open", "decided", "sure", "unsure", "model", "reviewed")
SORTS = ("newest", "oldest", "least_sure", "least_agreed", "most_sure")
YES_NO = ("yes", "no")
FEW = 5_000  # so many hits are named one by one; a word of more items is met soon in any order
_HITS = "SELECT labelling_items_with(%s::tsquery, %s)"
# IS TRUE: never a join, so the hits are looked up in a hash. How many hold a word cannot be guessed, and a guess too low took minutes.
_IS_HIT = f"(labelling_item.id IN ({_HITS})) IS TRUE"


@dataclass(frozen=True)
class Sort:
    """The fields that place a row, the last of them its id, and whether the first comes with the least."""

    keys: tuple[str, ...]
    ascending: bool = False


_ORDERS = {
    "newest": Sort(("pk",)),
    "oldest": Sort(("pk",), ascending=True),
    "least_sure": Sort(("decision__confidence_ppm", "decision__item"), ascending=True),
    "least_agreed": Sort(("decision__agreement_ppm", "decision__item"), ascending=True),
    "most_sure": Sort(("decision__confidence_ppm", "decision__item")),
}


def find_items(project: Project, wanted: Mapping[str, str]) -> tuple[QuerySet[Item], Sort]:
    """The items that fit all that is `wanted`, and their order. Empty values ask for nothing; what nobody knows is refused."""
    wanted = {name: value.strip() for name, value in wanted.items() if value.strip()}
    if unknown := sorted(set(wanted) - FILTERS.keys() - {"sort"}):
        raise DomainError(
            "{unknown} is no filter of items: use {choices} or sort.",
            field=unknown[0],
            said={"unknown": unknown[0], "choices": ", ".join(sorted(FILTERS))},
        )
    order = _ORDERS[_one_of(wanted, "sort", SORTS)] if "sort" in wanted else _ORDERS["newest"]
    rows = Item.objects.filter(project=project, archived_at=None)
    for name in wanted.keys() & FILTERS.keys():
        rows = FILTERS[name](rows, project, wanted)
    if order.keys != ("pk",):
        rows = rows.filter(decision__final=True, decision__project=project)
    return rows, order


def _one_of(wanted: Mapping[str, str], name: str, known) -> str:
    if wanted[name] not in known:
        raise DomainError(
            "{name} must be one of {choices}.", field=name, said={"name": name, "choices": ", ".join(known)}
        )
    return wanted[name]


def _percent(wanted: Mapping[str, str], name: str) -> int:
    return percent_ppm(wanted[name], name)


def percent_ppm(text: str, name: str = "confidence_from") -> int:
    """Per cent as people write them, in millionths."""
    text = text.replace(",", ".")
    try:
        value = float(text) if text.isascii() and len(text) < 12 else -1.0
    except ValueError:
        value = -1.0
    if not 0 <= value <= 100:
        raise DomainError("{name} must be a number of per cent from 0 to 100.", field=name, said={"name": name})
    return round(value * 10_000)


def _number(wanted: Mapping[str, str], name: str) -> int:
    text = wanted[name]
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise DomainError("{name} must be the number of a {name}.", field=name, said={"name": name})
    return int(text)


# --- one function a filter --------------------------------------------------------------------------------------------
def _words(rows: QuerySet, project: Project, wanted: Mapping[str, str]) -> QuerySet:
    if not is_text(wanted["q"], MAX_WORDS):
        raise DomainError("q must be text of 1 to {most} characters.", field="q", said={"most": MAX_WORDS})
    query = query_of(wanted["q"], project.pk)
    if not query:
        return rows.none()
    with connection.cursor() as cursor:
        cursor.execute(_HITS, [query, FEW + 1])
        hits = [pk for (pk,) in cursor.fetchall()]
    if len(hits) <= FEW:
        return rows.filter(pk__in=hits)
    return rows.filter(RawSQL(_IS_HIT, [query, None], output_field=BooleanField()))  # noqa: S611  the query is a parameter


def _state(rows: QuerySet, project: Project, wanted: Mapping[str, str]) -> QuerySet:
    state = _one_of(wanted, "state", STATES)
    if state == "open":
        known = Gold.objects.filter(item=OuterRef("pk"), retired_at=None)
        return rows.filter(~Exists(known), ~Exists(Decision.objects.filter(item=OuterRef("pk"), final=True)))
    said = {
        "decided": Q(decision__final=True),
        "sure": Q(decision__final=True, decision__sure=True),
        "unsure": Q(decision__final=True, decision__sure=False),
        "model": Q(decision__source=Decision.Source.MODEL),
        "reviewed": Q(decision__source=Decision.Source.REVIEWER),
    }
    return rows.filter(said[state], decision__project=project)


def _label(rows: QuerySet, project: Project, wanted: Mapping[str, str]) -> QuerySet:
    """By the label of a choice, by one that is among the marks of a drawing, or by one that stands anywhere in the answer."""
    label = label_finder(project.config)(wanted["label"])
    if label is None:
        raise DomainError("label must be one of the project's labels.", field="label")
    holding = task_types.get(project.task_type).holding(label)
    if holding is None:
        return with_label(rows.filter(decision__project=project), label, "decision__value")
    return rows.filter(decision__project=project, decision__value__contains=holding)


def _confidence_from(rows: QuerySet, project: Project, wanted: Mapping[str, str]) -> QuerySet:
    return rows.filter(decision__project=project, decision__confidence_ppm__gte=_percent(wanted, "confidence_from"))


def _confidence_to(rows: QuerySet, project: Project, wanted: Mapping[str, str]) -> QuerySet:
    return rows.filter(decision__project=project, decision__confidence_ppm__lte=_percent(wanted, "confidence_to"))


def _agreement_to(rows: QuerySet, project: Project, wanted: Mapping[str, str]) -> QuerySet:
    return rows.filter(decision__project=project, decision__agreement_ppm__lte=_percent(wanted, "agreement_to"))


def _gold(rows: QuerySet, project: Project, wanted: Mapping[str, str]) -> QuerySet:
    known = Gold.objects.filter(project=project, retired_at=None)
    if _one_of(wanted, "gold", YES_NO) == "yes":
        return rows.filter(pk__in=known.values("item"))
    return rows.filter(~Exists(known.filter(item=OuterRef("pk"))))


def _reported(rows: QuerySet, project: Project, wanted: Mapping[str, str]) -> QuerySet:
    reported = Lease.objects.filter(item=OuterRef("pk"), state=Lease.State.REPORTED)
    return rows.filter(Exists(reported) if _one_of(wanted, "reported", YES_NO) == "yes" else ~Exists(reported))


def _batch(rows: QuerySet, project: Project, wanted: Mapping[str, str]) -> QuerySet:
    lent = BatchItem.objects.filter(item=OuterRef("pk"), batch=_number(wanted, "batch"), batch__project=project)
    return rows.filter(Exists(lent))


def _dataset(rows: QuerySet, project: Project, wanted: Mapping[str, str]) -> QuerySet:
    return rows.filter(dataset=_number(wanted, "dataset"), dataset__project=project)


FILTERS: dict[str, Callable[[QuerySet, Project, Mapping[str, str]], QuerySet]] = {
    "q": _words,
    "state": _state,
    "label": _label,
    "confidence_from": _confidence_from,
    "confidence_to": _confidence_to,
    "agreement_to": _agreement_to,
    "gold": _gold,
    "reported": _reported,
    "batch": _batch,
    "dataset": _dataset,
}


LISTED_AS = {
    "decision__confidence_ppm": "confidence",
    "decision__agreement_ppm": "agreement",
}  # for whoever orders by them


def with_figures(rows: QuerySet[Item]) -> QuerySet[Item]:
    """What a list shows of each: its media, its decision, and whether its truth is known or somebody reported it."""
    gold = Gold.objects.filter(item=OuterRef("pk"), retired_at=None)
    reported = Lease.objects.filter(item=OuterRef("pk"), state=Lease.State.REPORTED)
    shown = rows.select_related("media", "decision", "dataset")
    figures = {"is_gold": Exists(gold), "is_reported": Exists(reported)}
    return shown.annotate(**figures, **{name: F(key) for key, name in LISTED_AS.items()})
