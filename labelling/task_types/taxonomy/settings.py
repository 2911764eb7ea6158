"""taxonomy: the tree, typed as an indented list or as paths (labelling/task_types/tree.py)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from labelling.task_types.tree import check_tree, read_tree, write_tree

__all__ = ["check", "read_tree", "write_tree"]


def check(config: Mapping[str, Any]) -> None:
    check_tree(config["tree"])


def completed(config: dict[str, Any]) -> dict[str, Any]:
    """A program may send the tree as it would be typed: a text, or a list of paths."""
    tree = config.get("tree")
    if isinstance(tree, list) and tree and all(isinstance(one, str) for one in tree):
        tree = "\n".join(tree)
    return {**config, "tree": read_tree(tree)} if isinstance(tree, str) else config
