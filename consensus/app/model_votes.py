"""Models as annotators: the votes of suggestions and of judges, beside people's answers. Reading only.

A model of the project's own is "model:<version>": its newest suggestion on an item is its vote. A judge is "judge:<version of it>": each
version votes once an item (labelling.models.ModelVote). Their seq lies below zero, which tells them from answers.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count, Exists, OuterRef, Q

from consensus.app.models import Skill
from labelling.models import Answer, Gold, ModelVote, Project, Suggestion
from labelling.task_types.votes import JUDGE, Vote
from proofs import canonical_bytes, sha256_hex

MIN_VOTES = 20  # on items with answers or a known truth, before anything is learned of a model
JUDGES_FROM = (
    10**15
)  # a judge's seq is -(this + its vote's number), so that it is never that of a suggestion; exact in any JSON
_MODEL, _JUDGE = "model:", JUDGE
_HEARD = ~Q(standing=ModelVote.Standing.SILENT)

Found = list[tuple[int, Vote]]  # (item, vote)


def known_models(project: Project) -> list[str]:
    """Those whose skill is known."""
    rows = Skill.objects.filter(Q(annotator__startswith=_MODEL) | Q(annotator__startswith=_JUDGE), project=project)
    return list(rows.values_list("annotator", flat=True))


def votes_of_models(project: Project, item_ids: list[int]) -> Found:
    """Of the models whose skill is known: the newest suggestion on an item, and every judge that is heard."""
    known = known_models(project)
    versions, judges = _versions(known), _judges(known)
    found: Found = []
    if versions:
        rows = Suggestion.objects.filter(item__in=item_ids, model_version_id__in=versions)
        newest = rows.order_by("item_id", "-model_version_id").distinct("item_id")
        found += [(row.item_id, _suggested(row)) for row in newest]
    if judges:
        votes = ModelVote.objects.filter(_HEARD, item__in=item_ids, annotator__in=judges).order_by("item_id", "id")
        found += [(vote.item_id, _judged(vote)) for vote in votes]
    return found


def voting(project: Project) -> list[str]:
    """Those that count as annotators of a project: whose skill is known, or that voted often enough to learn it."""
    with_answers = Suggestion.objects.filter(item__project=project, item__answers__isnull=False)
    rows = (
        with_answers.values_list("model_version_id").annotate(n=Count("item", distinct=True)).filter(n__gte=MIN_VOTES)
    )
    return sorted({*known_models(project), *(f"{_MODEL}{version}" for version, _ in rows), *_often_judging(project)})


def _often_judging(project: Project) -> list[str]:
    known = Exists(Gold.objects.filter(item=OuterRef("item"), retired_at=None))
    answered = Exists(Answer.objects.filter(item=OuterRef("item")))
    rows = ModelVote.objects.filter(_HEARD & (known | answered), item__project=project)
    often = rows.order_by().values_list("annotator").annotate(n=Count("pk")).filter(n__gte=MIN_VOTES)
    return [annotator for annotator, _ in often]


def to_learn_from(project: Project, item_ids: Iterable[int], seen: set[str]) -> Found:
    """More votes, of the models that are not among the annotators seen, where they voted on MIN_VOTES of the items or more."""
    items = list(item_ids)
    by_name: dict[str, Found] = {}
    for row in Suggestion.objects.filter(item__in=items):
        by_name.setdefault(f"{_MODEL}{row.model_version_id}", []).append((row.item_id, _suggested(row)))
    for vote in ModelVote.objects.filter(_HEARD, item__in=items).order_by("id"):
        by_name.setdefault(vote.annotator, []).append((vote.item_id, _judged(vote)))
    return [one for name, found in by_name.items() if name not in seen and len(found) >= MIN_VOTES for one in found]


def judged_known(project: Project) -> list[int]:
    """Items with a known truth on which a judge that is heard voted: whether anybody answered them or not, they tell its skill."""
    rows = ModelVote.objects.filter(
        _HEARD, item__project=project, item__gold__isnull=False, item__gold__retired_at=None
    )
    return sorted(set(rows.values_list("item_id", flat=True)))


def votes_within(project: Project, span: dict, annotators: Iterable[str]) -> Found:
    """Of a range of items. Of the models whose skill is known only the newest suggestion on an item, as in votes_of_models; all of the
    others."""
    annotators = list(annotators)
    rows = Suggestion.objects.filter(model_version_id__in=_versions(annotators), **span).order_by(
        "item", "-model_version_id"
    )
    known, taken, found = set(known_models(project)), set(), []
    for row in rows:
        if f"{_MODEL}{row.model_version_id}" in known:
            if row.item_id in taken:
                continue
            taken.add(row.item_id)
        found.append((row.item_id, _suggested(row)))
    if judges := _judges(annotators):
        votes = ModelVote.objects.filter(_HEARD, annotator__in=judges, **span).order_by("item", "id")
        found += [(row.item_id, _judged(row)) for row in votes]
    return found


def _versions(annotators: Iterable[str]) -> list[int]:
    return [int(name.removeprefix(_MODEL)) for name in annotators if name.startswith(_MODEL)]


def _judges(annotators: Iterable[str]) -> list[str]:
    return [name for name in annotators if name.startswith(_JUDGE)]


def _suggested(row: Suggestion) -> Vote:
    return Vote(f"{_MODEL}{row.model_version_id}", -row.pk, sha256_hex(canonical_bytes(row.value)), row.value)


def _judged(row: ModelVote) -> Vote:
    stands_in = row.standing == ModelVote.Standing.COUNTS
    return Vote(row.annotator, -(JUDGES_FROM + row.pk), sha256_hex(canonical_bytes(row.value)), row.value, stands_in)
