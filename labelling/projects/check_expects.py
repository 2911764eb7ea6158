"""What is wrong with the roles that a project expects of its items, one sentence each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kernel.errors import DomainError
from labelling.models import Project
from labelling.task_types.parts import KINDS, MAX_PARTS, ROLES

_KEYS = ("least", "most", "kinds")


def check_expects(project: Project) -> None:
    expects = project.expects
    if not isinstance(expects, dict) or (expects and project.medium != "parts"):
        raise DomainError(
            'expects must map roles to how many there are, for example {"prompt": {"least": 1, "most": 1}}; only items of several parts '
            "have roles.",
            field="expects",
        )
    if strange := sorted(map(str, expects.keys() - set(ROLES))):
        raise DomainError(
            "{field} is no role: there are {choices}.",
            field=f"expects.{strange[0][:40]}",
            said={"field": f"expects.{strange[0][:40]}", "choices": ", ".join(ROLES)},
        )
    for role, rule in expects.items():
        _check_rule(f"expects.{role}", rule)


def _check_rule(field: str, rule: Any) -> None:
    if not isinstance(rule, Mapping) or set(rule) - set(_KEYS):
        raise DomainError(
            "{field} must be an object with {choices}.", field=field, said={"field": field, "choices": ", ".join(_KEYS)}
        )
    least, most, kinds = rule.get("least", 1), rule.get("most", MAX_PARTS), rule.get("kinds", [*KINDS])
    if not all(type(one) is int for one in (least, most)) or not 0 <= least <= most <= MAX_PARTS or not most:
        raise DomainError(
            "{field}: least and most must be whole numbers from 0 to {top}, and least is not more than most.",
            field=field,
            said={"field": field, "top": MAX_PARTS},
        )
    if not isinstance(kinds, list) or not kinds or not all(isinstance(one, str) and one in KINDS for one in kinds):
        raise DomainError(
            "{field}.kinds must list one or more of {choices}.",
            field=f"{field}.kinds",
            said={"field": field, "choices": ", ".join(KINDS)},
        )
