"""Small changes of a JSON value: a bit flipped, a member dropped, doubled or moved."""

import copy
import random
from collections.abc import Iterator

Change = list  # [operation, path, value]


def leaves(value, path=()) -> Iterator[tuple]:
    """Paths of all numbers, strings, booleans and nulls."""
    for key in _keys(value):
        inner = value[key]
        if isinstance(inner, (dict, list)):
            yield from leaves(inner, (*path, key))
        else:
            yield (*path, key)


def places(value, path=()) -> Iterator[tuple]:
    """Paths of all list members and object fields."""
    for key in _keys(value):
        yield (*path, key)
        yield from places(value[key], (*path, key))


def _keys(value):
    if isinstance(value, dict):
        return list(value)
    return range(len(value)) if isinstance(value, list) else ()


def at(value, path):
    for key in path:
        value = value[key]
    return value


def changes(document: dict, count: int, seed: int) -> Iterator[Change]:
    """`count` changes, some of which may leave the document as it is (two equal members swapped)."""
    rng = random.Random(seed)
    values, everywhere = list(leaves(document)), list(places(document))
    members = [path for path in everywhere if isinstance(path[-1], int)]
    for _ in range(count):
        how = rng.choice(["set"] * 6 + ["drop"] * 2 + ["double", "swap"])
        path = rng.choice({"set": values, "drop": everywhere}.get(how, members))
        yield [how, list(path), flip(at(document, path), rng) if how == "set" else None]


def flip(value, rng: random.Random):
    """One bit of it."""
    if value is None:
        return 0
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value ^ (1 << rng.randrange(12))
    if not value:
        return "x"
    i = rng.randrange(len(value))
    digit = value[i] in "0123456789abcdef" and len(value) in (16, 64, 128)
    other = "0123456789abcdef"[int(value[i], 16) ^ (1 << rng.randrange(4))] if digit else chr(ord(value[i]) ^ 1)
    return value[:i] + other + value[i + 1 :]


def apply(document: dict, change: Change) -> dict:
    how, path, value = change
    changed = copy.deepcopy(document)
    parent, key = at(changed, path[:-1]), path[-1]
    if how == "set":
        parent[key] = value
    elif how == "drop":
        del parent[key]
    elif how == "double":
        parent.insert(key, copy.deepcopy(parent[key]))
    else:
        parent[key], parent[key - 1] = parent[key - 1], parent[key]
    return changed
