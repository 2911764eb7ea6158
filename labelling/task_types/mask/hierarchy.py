"""The order in which neighbouring regions merge, the most alike first.

How alike: by how much the picture is told worse by one colour for both than by a colour for each, over the length of the border that goes
(the full lambda schedule of Mumford and Shah's energy: G. Koepfler, C. Lopez, J.-M. Morel, SIAM J. Numer. Anal. 31 (1994),
doi:10.1137/0731015). So a thing keeps its border where it is short for how much it parts; Ward's rule alone cuts large plain grounds, the
strength of borders alone leaves specks. No constant is in it.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from labelling.task_types.mask.superpixels import lab

Colour = tuple[float, float, float]  # mean L*, a*, b*


@dataclass
class Graph:
    """Regions by number. borders: of each its neighbours, with the length of the border in pixels."""

    area: list[float]
    colour: list[Colour]
    borders: list[dict[int, int]]
    alive: list[bool]


def graph_of(pixels: np.ndarray, regions: np.ndarray) -> Graph:
    colours = lab(pixels)
    n = int(regions.max()) + 1
    flat = regions.ravel()
    area = np.bincount(flat, minlength=n).astype(float)
    mean = np.stack([np.bincount(flat, colours[..., c].ravel(), n) for c in range(3)], axis=1) / area[:, None]
    return Graph(
        area.tolist(),
        [(bright, red, yellow) for bright, red, yellow in mean.tolist()],
        _borders(regions, n),
        [True] * n,
    )


def _borders(regions: np.ndarray, n: int) -> list[dict[int, int]]:
    borders: list[dict[int, int]] = [{} for _ in range(n)]
    pairs = []
    for a, b in ((regions[:, :-1], regions[:, 1:]), (regions[:-1], regions[1:])):
        apart = a != b
        pairs.append(np.minimum(a, b)[apart].astype(np.int64) * n + np.maximum(a, b)[apart])
    keys, lengths = np.unique(np.concatenate(pairs), return_counts=True)
    for key, length in zip(keys.tolist(), lengths.tolist(), strict=True):
        a, b = divmod(key, n)
        borders[a][b] = borders[b][a] = length
    return borders


Unlike = Callable[[Graph, int, int], float]


def unlike(graph: Graph, a: int, b: int) -> float:
    """How little a and b look like parts of one thing: less merges earlier."""
    of_a, of_b = graph.area[a], graph.area[b]
    (x, y, z), (p, q, r) = graph.colour[a], graph.colour[b]
    apart = (x - p) ** 2 + (y - q) ** 2 + (z - r) ** 2
    return of_a * of_b / (of_a + of_b) * apart / graph.borders[a][b]


def merge_order(pixels: np.ndarray, regions: np.ndarray, how: Unlike = unlike) -> list[tuple[int, int]]:
    """Pairs of numbers until one region is left; each pair becomes the next number. Ties: the lower numbers first."""
    graph = graph_of(pixels, regions)
    heap = [(how(graph, a, b), a, b) for a, near in enumerate(graph.borders) for b in near if a < b]
    heapq.heapify(heap)
    merges = []
    while heap:
        _, a, b = heapq.heappop(heap)
        if not (graph.alive[a] and graph.alive[b]):
            continue
        merges.append((a, b))
        new = _merge(graph, a, b)
        for near in graph.borders[new]:
            heapq.heappush(heap, (how(graph, near, new), near, new))
    return merges


def _merge(graph: Graph, a: int, b: int) -> int:
    new = len(graph.area)
    shares = graph.area[a], graph.area[b]
    whole = sum(shares)
    graph.area.append(whole)
    graph.colour.append(_mixed(graph.colour[a], graph.colour[b], shares[1] / whole))
    near: dict[int, int] = {}
    for old in (a, b):
        graph.alive[old] = False
        for other, length in graph.borders[old].items():
            if other not in (a, b):
                near[other] = near.get(other, 0) + length
                del graph.borders[other][old]
    for other, border in near.items():
        graph.borders[other][new] = border
    graph.borders[a], graph.borders[b] = {}, {}
    graph.borders.append(near)
    graph.alive.append(True)
    return new


def _mixed(one: Colour, other: Colour, share: float) -> Colour:
    """With this share of the other."""
    (x, y, z), (p, q, r) = one, other
    return x + (p - x) * share, y + (q - y) * share, z + (r - z) * share


def relabelled(regions: np.ndarray, merges: list[tuple[int, int]], done: int) -> tuple[np.ndarray, list[list[int]]]:
    """The map after the first `done` merges, its regions numbered from 0 on, and the merges that are left in these numbers."""
    n = len(merges) + 1
    parent = np.arange(n + len(merges))
    for k, (a, b) in enumerate(merges[:done]):
        parent[a] = parent[b] = n + k
    for k in range(n + done - 1, -1, -1):
        parent[k] = parent[parent[k]]
    roots, map_ = np.unique(parent[regions], return_inverse=True)
    count = len(roots)
    number = {int(root): k for k, root in enumerate(roots)} | {
        n + k: count + k - done for k in range(done, len(merges))
    }
    return map_.reshape(regions.shape), [[number[a], number[b]] for a, b in merges[done:]]
