"""Every refusal that a worker can meet has a code, and every code its sentence in each language of the phone."""

import ast
import json
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
#: Where a worker's calls are refused. A room that is missing here is found by its doors (test_all_doors_are_looked_at).
ROOMS = [
    "labelling/access.py",
    "labelling/models/refuse_draw.py",
    "labelling/work/pacing.py",
    "labelling/work/accept_answers.py",
    "labelling/conduct/appeal_ban.py",
    "labelling/gold/appeal_gold.py",
    "labelling/work/draw_work.py",
    "labelling/conduct/hold_pay.py",
    "labelling/work/join_team.py",
    "labelling/work/renew_leases.py",
    "labelling/work/return_lease.py",
    "platform/api/views/work.py",
    "platform/api/views/me.py",
    "platform/api/views/wallet.py",
    "platform/api/views/bans.py",
    "platform/payouts/waiting.py",
    "platform/payouts/actions/appeal_wait.py",
    "platform/payouts/actions/cancel_payout.py",
    "platform/payouts/actions/close_account.py",
    "platform/payouts/actions/request_payout.py",
    "platform/people/actions/agree_to_terms.py",
    "platform/people/actions/say_languages.py",
    "platform/people/addresses.py",
    "platform/people/confirming.py",
    "platform/people/recent.py",
]
#: Fields that the app fills in by itself: who gets these wrong is a program, and "invalid" says so.
OF_THE_APP = {
    "account", "answers", "confirm", "destination.phone", "email", "give_away", "id", "language", "n", "provider", "reason", "comment",
}  # fmt: skip
KINDS = {"DomainError", "Conflict", "Forbidden", "TooFast", "NotFound"}
#: Of the classes themselves, and of Django REST framework.
ALWAYS = {
    "invalid", "not_found", "conflict", "forbidden", "too_many_requests", "sign_in_again", "too_large", "not_authenticated",
    "permission_denied",
}  # fmt: skip
#: Of doors in the same files that no phone comes to.
OF_REQUESTERS = {"only_looks"}
#: Said with the screen that meets them.
SAID_ELSEWHERE = {"hand_full": ("hand.full", "hand.look", "hand.flag"), "banned": ("bans.no_work",)}


def calls() -> list[tuple[str, str, dict[str, ast.expr]]]:
    """(place, kind, keywords) of each refusal that is raised."""
    found = []
    for room in ROOMS:
        for node in ast.walk(ast.parse((ROOT / room).read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in KINDS:
                given = {one.arg: one.value for one in node.keywords}
                if None in given and isinstance(given[None], ast.Dict | ast.Name | ast.Call):
                    given["code"] = given.get("code", given[None])
                found.append((f"{room}:{node.lineno}", node.func.id, given))
    return found


def literal(value: ast.expr | None) -> str | None:
    return value.value if isinstance(value, ast.Constant) else None


def codes() -> set[str]:
    written = {literal(given.get("code")) for _, _, given in calls()} - {None}
    for room in ROOMS:  # put together before: {"code": "money_left", ...}
        for node in ast.walk(ast.parse((ROOT / room).read_text())):
            if isinstance(node, ast.Dict):
                pairs = zip(node.keys, node.values, strict=True)
                written |= {literal(value) for key, value in pairs if literal(key) == "code"} - {None}
    return (written | ALWAYS) - OF_REQUESTERS


def test_a_refusal_that_a_person_can_meet_has_a_code():
    bare = [
        (place, literal(given.get("field")))
        for place, kind, given in calls()
        if kind in {"DomainError", "Conflict", "Forbidden"}
        and "code" not in given
        and literal(given.get("field")) not in OF_THE_APP
    ]
    assert bare == []
    assert len(calls()) > 40


@pytest.mark.parametrize("language", sorted(path.name for path in (ROOT / "worker_app/locales").iterdir()))
def test_each_code_has_its_sentence(language):
    said: dict[str, str] = {}
    for part in (ROOT / "worker_app/locales" / language).glob("*.json"):
        said |= json.loads(part.read_text())
    known = codes()
    assert len(known) > 30
    missing = {
        code: needed
        for code in known
        if (needed := [key for key in SAID_ELSEWHERE.get(code, (f"refusal.{code}",)) if key not in said])
    }
    assert missing == {}
    unused = {key for key in said if key.startswith("refusal.")} - {f"refusal.{code}" for code in known}
    assert unused == set(), "a sentence for a code that nobody raises"


def test_all_doors_are_looked_at():
    """What the worker's views call and refuses stands in ROOMS."""
    imported = set()
    for view in ("work", "me", "bans"):
        for node in ast.walk(ast.parse((ROOT / f"platform/api/views/{view}.py").read_text())):
            if isinstance(node, ast.ImportFrom) and node.module and ".actions." in node.module:
                top, rest = node.module.split(".", 1)
                base = ROOT / ("labelling" if top == "labelling" else f"platform/{top}")
                path = base / (rest.replace(".", "/") + ".py")
                if any(f"{kind}(" in path.read_text() for kind in KINDS):
                    imported.add(path.relative_to(ROOT).as_posix())
    assert imported - set(ROOMS) == set()
