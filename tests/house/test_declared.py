"""Every library that is imported is asked for by its name in requirements*.in, where it is needed: not found by luck, because another
library happens to bring it along."""

from __future__ import annotations

import ast
import re
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tests.house.sources import ROOT, modules, tree_of

#: Modules that only a demo, or whoever changes the contract, starts; what they import need not be on a server.
OF_A_DEMO = ("server.embedded", "server.embedded_roles", "anchoring.local_chain")
OF_DEVELOPERS = ("anchoring.contracts.compile",)
#: Benchmarks hand these to an interpreter of another environment, and import their neighbours as scripts do.
ELSEWHERE = {"crowdkit", "pandas", "webvtt"}


def asked_for(*names: str) -> set[str]:
    lines = [line for name in names for line in (ROOT / name).read_text().splitlines()]
    return {plain(found[0]) for line in lines if (found := re.match(r"[A-Za-z0-9][\w.-]*", line))}


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def imported(tree: ast.AST) -> set[str]:
    """The first part of every absolute import, inside functions too."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found - set(sys.stdlib_module_names)


def undeclared(trees: dict[str, ast.AST], declared: set[str], ours: set[str]) -> set[tuple[str, str]]:
    """(file, library) for whatever no requirement names."""
    brings = packages_distributions()
    return {
        (name, library)
        for name, tree in trees.items()
        for library in imported(tree) - ours
        if not {plain(one) for one in brings.get(library, [])} & declared
    }


RUN = asked_for("requirements.in")
DEMO = RUN | asked_for("requirements-demo.in")
ELSEWHERE |= asked_for("benchmarks/outside_readers.txt")
DEVELOP = DEMO | asked_for("requirements-dev.in", "requirements-tools.in")
OURS = {name.split(".")[0] for name in modules()} | {"tests", "benchmarks"}


def begins(name: str, rooms: tuple[str, ...]) -> bool:
    return any(name == room or name.startswith(f"{room}.") for room in rooms)


@pytest.mark.parametrize("who", ["server", "demo", "developers"])
def test_what_runs_asks_for_all_that_it_imports(who):
    of = {
        name: "demo" if begins(name, OF_A_DEMO) else "developers" if begins(name, OF_DEVELOPERS) else "server"
        for name in modules()
    }
    trees = {name: tree_of(path) for name, path in modules().items() if of[name] == who}
    assert trees
    assert undeclared(trees, {"server": RUN, "demo": DEMO, "developers": DEVELOP}[who], OURS) == set()


def test_tests_and_benchmarks_do_so_too():
    files = [*(ROOT / "tests").rglob("*.py"), *(ROOT / "benchmarks").rglob("*.py")]
    neighbours = {path.stem for path in files if path.parent.name == "benchmarks"}
    trees = {str(path.relative_to(ROOT)): tree_of(path) for path in files}
    assert undeclared(trees, DEVELOP, OURS | neighbours | ELSEWHERE) == set()


def test_control_a_library_that_came_along_is_found():
    tree = ast.parse("def f():\n    import urllib3.util\n    from django.db import models")
    assert undeclared({"x": tree}, RUN, OURS) == {("x", "urllib3")}
    assert "urllib3" not in RUN
    assert Path(ROOT / "requirements.in").exists()
