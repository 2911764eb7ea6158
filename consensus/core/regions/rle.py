"""Run-length masks as COCO writes them uncompressed: {"size": [height, width], "counts": runs in column order, zeros first}."""

from __future__ import annotations

import numpy as np


def decode(rle: dict) -> np.ndarray:
    """(H, W) boolean mask. ValueError for what is no run-length mask, and when the runs do not fill the size."""
    try:
        height, width = map(int, rle["size"])
        counts = np.asarray(rle["counts"], dtype=np.int64).reshape(-1)
    except (KeyError, TypeError, ValueError):
        raise ValueError(
            'mask: give {"size": [height, width], "counts": [runs]}, whole numbers, zeros first.'
        ) from None
    if (counts < 0).any() or counts.sum() != height * width:
        raise ValueError(f"mask: counts must be 0 or more and add up to {height} x {width} pixels.")
    inside = np.zeros(len(counts), dtype=bool)
    inside[1::2] = True
    return np.repeat(inside, counts).reshape(width, height).T


def encode(mask: np.ndarray) -> dict:
    """Run-length form of an (H, W) boolean mask."""
    flat = np.asarray(mask, dtype=bool).T.ravel()
    edges = np.flatnonzero(np.diff(flat)) + 1
    counts = np.diff(np.concatenate([[0], edges, [len(flat)]])) if len(flat) else np.zeros(0, dtype=np.int64)
    runs = [0, *counts.tolist()] if len(flat) and flat[0] else counts.tolist()
    return {"size": [int(mask.shape[0]), int(mask.shape[1])], "counts": runs}
