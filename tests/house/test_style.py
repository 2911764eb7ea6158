"""Short files, short functions, and nothing signed that depends on the names of local variables."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.house.sources import ROOT, functions, modules, tree_of

LINES_OF_A_FILE, LINES_OF_A_FUNCTION = 350, 40
GENERATED = ROOT / "worker_app/src/app/contract.ts"  # `npm run contract` writes it from docs/openapi.json
OTHERS = ("node_modules", "dist", "migrations", ".venv", "static")
SOURCES = [
    path
    for folder in ("platform", "labelling", "consensus", "ml_assist", "benchmarks", "worker_app/src", "worker_app/dev")
    for ending in ("py", "ts", "tsx")
    for path in (ROOT / folder).rglob(f"*.{ending}")
    if path != GENERATED and not set(path.relative_to(ROOT).parts) & set(OTHERS)
]
PYTHON = [path for path in SOURCES if path.suffix == ".py"]


def too_long(text: str) -> bool:
    return text.count("\n") > LINES_OF_A_FILE


def long_functions(tree: ast.AST) -> list[str]:
    return [one.name for one in functions(tree) if one.end_lineno - one.lineno >= LINES_OF_A_FUNCTION]


def takes_locals(tree: ast.AST) -> bool:
    return any(isinstance(node, ast.Call) and getattr(node.func, "id", "") == "locals" for node in ast.walk(tree))


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_no_file_is_long():
    assert len(SOURCES) > 600  # control: they are found
    assert [name_of(path) for path in SOURCES if too_long(path.read_text(encoding="utf-8"))] == []


def test_no_function_is_long():
    assert [(name_of(path), name) for path in PYTHON for name in long_functions(tree_of(path))] == []


def test_what_is_written_down_names_its_fields():
    """A document made of locals() changes, and so does its hash, when somebody renames a variable."""
    assert [name for name, path in modules().items() if takes_locals(tree_of(path))] == []


def test_control_each_of_them_is_found():
    assert too_long("x\n" * (LINES_OF_A_FILE + 1))
    assert not too_long("x\n" * LINES_OF_A_FILE)
    body = "    x = 1\n"
    assert long_functions(ast.parse("def f():\n" + body * LINES_OF_A_FUNCTION)) == ["f"]
    assert long_functions(ast.parse("async def f():\n" + body * (LINES_OF_A_FUNCTION - 1))) == []
    assert takes_locals(ast.parse("def f(a):\n    return {'v': 1, **locals()}"))
