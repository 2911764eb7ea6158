"""What the house's rules look at: every file of ours, read once, and which module takes what from which."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("consensus", "labelling", "ml_assist", "platform")


@cache
def modules() -> dict[str, Path]:
    """{dotted name: file} of what runs in production; the rooms of platform/ are named without it, as they are imported."""
    found = {}
    for path in sorted(file for folder in FOLDERS for file in (ROOT / folder).rglob("*.py")):
        parts = (
            path.relative_to(ROOT / "platform" if path.is_relative_to(ROOT / "platform") else ROOT)
            .with_suffix("")
            .parts
        )
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def imports_of(tree: ast.AST, known: Iterable[str], name: str = "") -> set[str]:
    """Full names of what is imported, inside functions too; `from room import module` names the module."""
    known = set(known)
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = name.split(".")[: -node.level] if node.level else []
            parent = ".".join([*above, *([node.module] if node.module else [])])
            full = {alias.name: f"{parent}.{alias.name}" for alias in node.names}
            found |= {full[one] if full[one] in known else parent for one in full}
    return found


def arrows(trees: dict[str, ast.AST]) -> dict[str, set[str]]:
    """{module: the modules of ours that it imports}"""
    return {name: (imports_of(tree, trees, name) & trees.keys()) - {name} for name, tree in trees.items()}


def circles(graph: dict[str, set[str]]) -> list[list[str]]:
    """Sets of modules each of which reaches all others of its set (Tarjan), two and more."""
    number: dict[str, int] = {}
    lowest: dict[str, int] = {}
    waiting: list[str] = []
    found: list[list[str]] = []

    def visit(one: str) -> None:
        number[one] = lowest[one] = len(number)
        waiting.append(one)
        for other in sorted(graph.get(one, ())):
            if other not in number:
                visit(other)
            if other in waiting:
                lowest[one] = min(lowest[one], lowest[other])
        if lowest[one] == number[one]:
            circle = waiting[waiting.index(one) :]
            del waiting[waiting.index(one) :]
            found.extend([sorted(circle)] if len(circle) > 1 else [])

    for one in sorted(graph):
        if one not in number:
            visit(one)
    return found


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def texts_of(tree: ast.AST) -> list[str]:
    """Every text that is no docstring. Of an f-string its fixed parts, as one: what stands in its holes comes from elsewhere."""
    said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    found, inner = [], set()
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            parts = [part for part in node.values if isinstance(part, ast.Constant)]
            inner |= {id(part) for part in parts}
            found.append(" ".join(str(part.value) for part in parts))
    constants = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str))
    return found + [node.value for node in constants if id(node) not in inner | said]
