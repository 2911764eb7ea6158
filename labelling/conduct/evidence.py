"""Evidence of a ban: what was counted, as it stood on that day. The phone and the console put it into words.

An entry is {"kind", "project", "title", "numbers"}, for answers in a row also {"first_seq", "last_seq"}, and for a label
{"label_names": {"en": ...}}. Who else is in it is never told.
"""

from __future__ import annotations

from typing import Any

from kernel.errors import DomainError

MOST = 20
# What each kind counts: those of consensus.core.spam, and the plain counts of a worker's record.
NUMBERS = {
    "random": ("answers", "right", "right_by_chance", "attention"),
    "one_label": ("answers", "label", "label_answers", "label_expected", "attention"),
    "pattern": ("answers", "every", "repeats", "repeats_expected", "attention"),
    "ring": ("shared", "same", "same_expected", "same_wrong", "same_wrong_expected", "ring_size"),
    "fast": ("answers", "window", "seconds", "least_s", "most_s", "usual_s"),
    "constant": ("answers", "window", "least_s", "most_s"),
    "drift": ("before", "after", "answers_before", "answers_after", "from"),
    "hurried": ("answers", "window", "seconds"),
    "chance": ("pairs", "same", "same_by_chance", "gold_seen", "gold_right"),
    "picky": ("gold_lent", "gold_answered", "work_lent", "work_answered"),
    "gold": ("gold_seen", "gold_right"),
    "agreement": ("decided", "agreed"),
}
WORDS = ("label", "from")  # of these; "from" is a moment, ISO 8601


def entry(kind: str, project, counted: dict[str, Any], label_names: dict[str, str] | None = None) -> dict:
    """An entry of what was counted; numbers that the kind does not tell are left out."""
    made = {"kind": kind, "project": project.pk, "title": project.title}
    made["numbers"] = {name: counted[name] for name in NUMBERS[kind] if name in counted}
    made |= {end: counted[end] for end in ("first_seq", "last_seq") if end in counted}
    return made | ({"label_names": label_names} if label_names else {})


def check_evidence(entries: Any) -> list[dict]:
    """The entries, each whole; a DomainError for anything else."""
    if not isinstance(entries, list) or len(entries) > MOST:
        raise DomainError("evidence must be a list of at most {most} entries.", field="evidence", said={"most": MOST})
    for one in entries:
        kind = one.get("kind") if isinstance(one, dict) else None
        if kind not in NUMBERS:
            raise DomainError(
                "evidence must be of the kinds {choices}.", field="evidence", said={"choices": ", ".join(NUMBERS)}
            )
        missing = [name for name in NUMBERS[kind] if name not in one.get("numbers", {})]
        if missing:
            raise DomainError(
                "evidence of kind {kind} lacks {missing}: look for abuse again first.",
                field="evidence",
                said={"kind": kind, "missing": missing[0]},
            )
        if not all(_is_told(name, value) for name, value in one["numbers"].items()):
            raise DomainError("evidence of kind {kind} must be numbers.", field="evidence", said={"kind": kind})
    return entries


def _is_told(name: str, value: Any) -> bool:
    if name in WORDS:
        return isinstance(value, str) and len(value) <= 200
    return isinstance(value, int | float) and not isinstance(value, bool)
