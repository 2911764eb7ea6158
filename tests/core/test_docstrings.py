"""What the docstrings of consensus/core promise to hold: every public name has one; methods name their source, arrays their
shapes, errors themselves."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2] / "consensus" / "core"
FILES = sorted(ROOT.rglob("*.py"))
SHAPE = re.compile(r"\((?:[A-Z]\w*|\d+|\.\.\.|n|m|h|w|b|a)(?:\s*[+*]\s*\w+)?,")
SOURCE = re.compile(
    r"doi:10\.\d{4,}/|(?:ICML|NIPS|NAACL|LREC|AISTATS|JOSS|ACL|COCO)\b.*\d{4}|\b(?:19|20)\d\d\b", re.DOTALL
)
NO_SOURCE = {  # no method: tables, plumbing, arithmetic that needs none
    "__init__.py", "methods.py", "votes.py", "result.py", "marks.py", "texts.py", "cells.py", "em.py", "incidence.py", "sharding.py",
    "shard_steps.py", "integer_rule.py", "iou.py", "rle.py", "normalise.py", "log.py", "pairs.py", "ratings.py", "agreement.py",
    "pairwise.py", "streaming.py", "skills.py", "numeric.py", "segments.py", "spans.py", "tracks.py", "polygons.py",
    "expected.py", "ids.py", "codes.py", "decisions.py", "model.py", "models.py", "fixed_point.py", "ordered_models.py",
    "pins.py", "worker_model.py", "families.py", "question.py", "merge.py", "frozen_labels.py", "known_paths.py",
}  # fmt: skip


def public(tree):
    """(name, node, class or None) of the public functions, classes and methods of a module."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield node.name, node
            for inner in node.body if isinstance(node, ast.ClassDef) else []:
                if isinstance(inner, ast.FunctionDef) and not inner.name.startswith("_"):
                    yield f"{node.name}.{inner.name}", inner


def arrays_of(node):
    """Names of the arguments that are arrays, and "return"."""
    named = [(a.arg, a.annotation) for a in [*node.args.args, *node.args.kwonlyargs]] + [("return", node.returns)]
    return [name for name, kind in named if kind is not None and "ndarray" in ast.unparse(kind)]


def raises(node):
    """Does its own body refuse with a ValueError?"""
    return any(
        isinstance(n, ast.Raise) and n.exc is not None and "ValueError" in ast.unparse(n.exc) for n in ast.walk(node)
    )


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_docstrings(path):
    tree = ast.parse(path.read_text())
    module = ast.get_docstring(tree) or ""
    assert module, "the module has no docstring"
    whole = "\n".join([module, *(ast.get_docstring(node) or "" for _, node in public(tree))])
    silent = [name for name, node in public(tree) if not ast.get_docstring(node)]
    assert not silent, "without a docstring"
    shapeless = [
        name for name, node in public(tree)
        if isinstance(node, ast.FunctionDef) and arrays_of(node) and not SHAPE.search(ast.get_docstring(node) + module)
    ]  # fmt: skip
    assert not shapeless, "arrays without a shape"
    secretive = [
        name for name, node in public(tree)
        if isinstance(node, ast.FunctionDef) and raises(node) and not re.search("ValueError|Refuse", ast.get_docstring(node))
    ]  # fmt: skip
    assert not secretive, "a ValueError that the docstring does not name"
    assert path.name in NO_SOURCE or SOURCE.search(whole), "a method without its source"


def test_what_is_excused_is_there():
    assert {path.name for path in FILES} >= NO_SOURCE
