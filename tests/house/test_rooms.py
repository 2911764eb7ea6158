"""What one room may know of another: imports in one direction, other rooms' tables by their doors, one scheme of locks."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest
from django.apps import apps

from tests.house.sources import arrows, circles, modules, texts_of, tree_of

LIVE = {name: path for name, path in modules().items() if ".migrations" not in name}
#: SQL that reads tables of another room, because one statement is the point of it: the hot loop's joins, proofs over the ledger.
READS = {
    "anchoring.actions.close_period": {"ledger_account", "ledger_leg", "ledger_transfer"},
    "api.authentication": {"people_apitoken", "people_person", "people_worker"},
    "labelling.models.drawable": {"people_membership"},
    "labelling.batches.task_bytes": {"intake_media"},
    "labelling.releases.build_release": {"intake_media"},
    "labelling.work.answer_rows": {"intake_media"},
    "labelling.work.lent": {"intake_media"},
    "ml_assist.report": {"labelling_labelrequest"},
    "payouts.links": {"labelling_answer"},
    "payouts.statements": {
        "labelling_batch",
        "labelling_project",
        "ledger_account",
        "ledger_leg",
        "ledger_transfer",
        "people_organisation",
    },
}
#: What the roof and the floor do to whole tables, by their names: delete what is too old, and grant.
WHOLE_TABLES = {"server.retention", "ledger.roles"}
WRITES = re.compile(r"\b(?:INSERT INTO|UPDATE|DELETE FROM|TRUNCATE|ALTER TABLE)\s+(?:ONLY\s+)?(\w+)")
#: The one module that may ask PostgreSQL for a lock by a number.
LOCKS = "kernel.locks"
ADVISORY = re.compile(r"\bpg_\w*advisory\w*|\bhashtext\w*")


def room_of(name: str) -> str:
    return ".".join(name.split(".")[:2]) if name.startswith("consensus.") else name.split(".")[0]


def tables() -> dict[str, str]:
    """{table: its room}"""
    models = apps.get_models(include_auto_created=True)
    return {model._meta.db_table: model._meta.app_config.name for model in models}


def foreign(room: str, text: str, owners: dict[str, str]) -> set[str]:
    """Tables and sequences of other rooms that a text names."""
    words = set(re.findall(r"\b[a-z]\w*_\w+\b", text))
    prefixes = {table.split("_")[0]: owner for table, owner in owners.items()}
    sequences = {word for word in words if word.endswith("_seq") and prefixes.get(word.split("_")[0], room) != room}
    return {word for word in words if owners.get(word, room) != room} | sequences


def written(text: str) -> set[str]:
    return set(WRITES.findall(text))


def sql() -> Iterator[tuple[str, str, set[str]]]:
    """(module, text, foreign tables in it)"""
    owners = tables()
    for name, path in LIVE.items():
        for text in texts_of(tree_of(path)):
            if found := foreign(room_of(name), text, owners):
                yield name, text, found


def test_no_circle_of_imports_in_the_whole_house():
    """Imports inside functions count: they only hide a circle."""
    assert circles(arrows({name: tree_of(path) for name, path in LIVE.items()})) == []


@pytest.mark.parametrize(
    ("house", "rooms", "most"),
    [("labelling", 20, 70), ("consensus.core", 12, 30)],
)
def test_a_house_has_few_rooms_and_few_ways_between_them(house, rooms, most):
    """Folders and modules beside them; tables and migrations are built by Django, and a face opens every room."""
    assert len(rooms_of(house)) <= rooms
    assert 10 < len(ways_in(house)) <= most


def rooms_of(house: str) -> set[str]:
    return {room for name in LIVE if (room := room_in(house, name))}


def room_in(house: str, name: str) -> str:
    """The first part of a name behind its house's; "" for the face and for what stands elsewhere."""
    return name.removeprefix(f"{house}.").split(".")[0] if name.startswith(f"{house}.") else ""


def ways_in(house: str) -> set[tuple[str, str]]:
    trees = {name: tree_of(path) for name, path in LIVE.items() if room_in(house, name)}
    ways = ((room_in(house, name), room_in(house, other)) for name, found in arrows(trees).items() for other in found)
    return {(one, other) for one, other in ways if one != other}


def test_control_a_circle_is_found_also_behind_a_function():
    trees = {
        "a": ast.parse("import b"),
        "b": ast.parse("def f():\n    from c import d"),
        "c": ast.parse("import a"),
        "d": ast.parse("import a"),
    }
    assert circles(arrows(trees)) == [["a", "b", "c"]]
    assert circles(arrows({**trees, "b": ast.parse("x = 1")})) == []


def test_no_room_writes_a_table_of_another():
    assert [(name, found) for name, text, found in sql() if found & written(text) and name not in WHOLE_TABLES] == []


def test_a_room_reads_tables_of_another_only_where_it_is_said():
    read: dict[str, set[str]] = {}
    for name, _, found in sql():
        read.setdefault(name, set()).update(found)
    assert {name: found for name, found in read.items() if name not in WHOLE_TABLES} == READS


@pytest.mark.parametrize(
    "text",
    ["UPDATE people_person SET x = 1", "SELECT * FROM people_person", "SELECT nextval('people_number_seq')"],
)
def test_control_a_foreign_table_is_found(text):
    assert foreign("labelling", text, {"people_person": "people", "labelling_item": "labelling"})
    assert not foreign("people", text, {"people_person": "people", "labelling_item": "labelling"})


def test_one_scheme_of_locks():
    asks = [name for name, path in LIVE.items() if ADVISORY.search(path.read_text())]
    assert asks == [LOCKS]


def test_each_lock_is_named_after_its_room():
    """Two rooms that chose the same name would wait for each other."""
    names = [(name, key) for name, path in LIVE.items() if name != LOCKS for key in lock_names(tree_of(path))]
    assert len(names) > 10  # control: they are found
    assert [(name, key) for name, key in names if key.split(".")[0] != room_of(name).split(".")[0]] == []


def lock_names(tree: ast.AST) -> Iterator[str]:
    """The beginning of each name under which a lock is asked for; those that kernel.locks itself makes stand there."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in (
            "only_one",
            "try_until_commit",
            "lock_until_commit",
        ):
            key = node.args[0].values[0] if isinstance(node.args[0], ast.JoinedStr) else node.args[0]
            if isinstance(key, ast.Constant):
                yield key.value


def test_control_a_second_scheme_and_a_nameless_lock_are_found():
    assert ADVISORY.search("SELECT pg_try_advisory_lock(4711)")
    assert list(lock_names(ast.parse("only_one('skills')\ntry_until_commit(f'people.{a}')"))) == ["skills", "people."]


def test_the_audit_log_is_written_by_people_alone():
    """people.audit.record() and record_many(): whoever reads the log may rely on their words."""
    assert [name for name, path in LIVE.items() if room_of(name) != "people" and writes_audit(tree_of(path))] == []


def writes_audit(tree: ast.AST) -> bool:
    made = (node.func for node in ast.walk(tree) if isinstance(node, ast.Call))
    return any(
        re.match(r"AuditEntry(\.objects\.(create|bulk_create|get_or_create|update_or_create))?$", ast.unparse(func))
        for func in made
    )


def test_control_a_second_way_into_the_audit_log_is_found():
    assert writes_audit(ast.parse("AuditEntry.objects.create(action='x')"))
    assert writes_audit(ast.parse("rows = [AuditEntry(action='x')]"))
    assert not writes_audit(ast.parse("AuditEntry.objects.filter(action='x').count()"))
