"""Every list pages: of the API by its document, of the console by its templates. What may be long and has no pager fails here."""

import json
import re
import uuid
from pathlib import Path

import pytest
from django.test import Client

from payouts.models import Payout
from tests.worlds import make_worker, sign_in

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = json.loads((ROOT / "docs" / "openapi.json").read_text())
TEMPLATES = ROOT / "platform" / "console" / "templates" / "console"
# Lists that are short whatever is done, and why.
SHORT = {
    "/api/v1/items/{item_id}": "of one item: at most fifty answers, and what each look at it left",
    "/api/v1/languages/{language}/words": "the languages that the phone speaks",
    "/api/v1/me": "roles",
    "/api/v1/me/notices": "the ways by which she can be told",
    "/api/v1/projects/{project_id}": "the labels of one project",
    "/api/v1/projects/{project_id}/label-report": "a row a day, of the days that are asked for",
    "/api/v1/projects/{project_id}/sounds": "the languages in which one project's instructions are written",
    "/api/v1/projects/{project_id}/try": "a handful of items to try the task with",
    "/api/v1/proofs/bundle": "a file: what one period holds for one worker",
    "/api/v1/releases/{release_id}/warranty": "the next few labels to judge",
    "/api/v1/upload-sessions/{session_id}": "the uploads of one session",
    "/api/v1/wallet/statements": "a row a month, of the last three years",
    "/api/v1/work/batches/{batch_id}": "two examples",
    "/api/v1/work/exams/{batch_id}": "two sittings, and what was missed in them",
    "/api/v1/work/history/{answer_id}": "what one project warns of",
    "/api/v1/work/leases": "what she may hold at once",
    "/api/v1/work/projects/{project_id}/voices": "the newest twenty questions that were answered",
    "/api/v1/work/scores": "her projects and her last days, on one screen",
}


def resolved(schema: dict) -> dict:
    while "$ref" in schema:
        schema = DOCUMENT["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    return schema


def lists() -> dict[str, tuple[dict, set[str]]]:
    """Each address that answers with a list: the schema of its answer, and what may be asked."""
    found = {}
    for path, operations in DOCUMENT["paths"].items():
        answer = operations.get("get", {}).get("responses", {}).get("200", {}).get("content", {})
        schema = resolved(answer.get("application/json", {}).get("schema", {}))
        fields = [resolved(one).get("type") for one in schema.get("properties", {}).values()]
        if "array" in (schema.get("type"), *fields):
            asked = {one["name"] for one in operations["get"].get("parameters", []) if one["in"] == "query"}
            found[path] = schema, asked
    return found


def test_every_list_of_the_api_pages():
    endless = [path for path, (schema, asked) in lists().items() if path not in SHORT and not pages(schema, asked)]
    assert endless == []


def pages(schema: dict, asked: set[str]) -> bool:
    return "next" in schema["properties"] and bool(asked & {"cursor", "before", "page"})


def test_what_is_said_to_be_short_is_there_and_does_not_page():
    there = lists()
    assert sorted(path for path in SHORT if path not in there or pages(*there[path])) == []


# Tables of the console that are short whatever is done: fields of one thing, or cut by their view with a way to the rest.
SHORT_TABLES = {
    "_bans.html",
    "_together.html",
    "admin_bans.html:waiting",
    "admin_worker.html",
    "columns.html",
    "judge.html",
    "languages.html",
    "reviews.html",
}


def tables(template: Path) -> list[str]:
    """What the rows of its tables are made of."""
    text = template.read_text()
    return [
        re.search(r"for .* in (\S+)", loop)[1]
        for table in re.findall(r"<tbody>.*?</tbody>", text, re.S)
        for loop in re.findall(r"{% (for .*?) %}<tr", table)
    ]


def test_every_table_of_the_console_pages():
    found = [(path, rows) for path in sorted(TEMPLATES.glob("*.html")) for rows in tables(path)]
    assert len(found) > 15
    endless = [
        f"{path.name}:{rows}"
        for path, rows in found
        if "_pager.html" not in path.read_text() and not SHORT_TABLES & {path.name, f"{path.name}:{rows}"}
    ]
    assert endless == []


@pytest.mark.django_db
def test_her_payouts_go_on_beyond_the_first_page():
    """There were the last hundred, and no way to those before."""
    worker = make_worker("w")
    paid = {"amount_micro": 1_000_000, "currency": "USD", "provider": "simulated", "state": "paid", "next_try_at": None}
    Payout.objects.bulk_create(
        Payout(id=uuid.uuid4(), worker=worker, destination_sealed=b"", **paid) for _ in range(130)
    )
    client, url, seen = sign_in(Client(), worker.person), "/api/v1/wallet/payouts", []
    while url:
        page = client.get(url).json()
        seen += [one["id"] for one in page["results"]]
        url = page["next"]
    assert len(seen) == len(set(seen)) == 130
