"""The bytes of a skill run, in the platform's storage: votes of shards, questions and results of passes. Arrays only, no pickle.

A file is written under a name of its own first and named in a row after; so a process that dies in between leaves a file that nobody
reads, never a row without its file. All lie in one folder a run, which is emptied at the end.
"""

from __future__ import annotations

import io
import secrets
import tempfile
from typing import TYPE_CHECKING, Any

import numpy as np
from django.core.files import File
from django.core.files.storage import default_storage

from consensus import core as cc

if TYPE_CHECKING:
    from consensus.core.distributed import Asked, Shard

SPOOLED = 32 * 1024 * 1024


def folder(run_id: int) -> str:
    return f"consensus/runs/{run_id}"


def save(run_id: int, kind: str, arrays: dict[str, Any]) -> str:
    """The stored name."""
    with tempfile.SpooledTemporaryFile(max_size=SPOOLED) as file:
        np.savez(file, **arrays)
        file.seek(0)
        return default_storage.save(f"{folder(run_id)}/{kind}-{secrets.token_urlsafe(12)}.npz", File(file))


def load(name: str) -> dict[str, np.ndarray]:
    with default_storage.open(name, "rb") as file, np.load(io.BytesIO(file.read()), allow_pickle=False) as arrays:
        return dict(arrays)


def save_tuple(run_id: int, kind: str, parts: tuple) -> str:
    return save(run_id, kind, {str(place): np.asarray(part) for place, part in enumerate(parts)})


def load_tuple(name: str) -> tuple:
    arrays = load(name)
    parts = (arrays[str(place)] for place in range(len(arrays)))
    return tuple(part if part.ndim else part.item() for part in parts)


def save_job(run_id: int, asked: Asked) -> str:
    if asked.job == "chosen":
        (model,) = asked.arguments
        return save(run_id, asked.job, cc.distributed.fits_to_arrays((model.coins, *model.types)))
    return save_tuple(run_id, asked.job, asked.arguments)


def load_job(job: str, name: str) -> Asked:
    if job == "chosen":
        coins, *types = cc.distributed.fits_from_arrays(load(name))
        return cc.distributed.Asked(job, (cc.distributed.AutoModel(coins, tuple(types)),))
    return cc.distributed.Asked(job, load_tuple(name))


def save_shard(run_id: int, shard: Shard) -> str:
    votes = shard.votes
    codes = {"items": votes.item_codes, "workers": votes.worker_codes, "answers": votes.answer_codes}
    sizes = np.array([votes.n_items, votes.n_workers, votes.n_labels])
    return save(run_id, "votes", {**codes, "gold": shard.gold, "sizes": sizes})


def load_shard(name: str) -> Shard:
    arrays = load(name)
    codes = (arrays["items"], arrays["workers"], arrays["answers"])
    return cc.distributed.Shard(cc.Votes.from_codes(*codes, *(int(n) for n in arrays["sizes"])), arrays["gold"])


def delete(names: list[str]) -> None:
    for name in names:
        if name:
            default_storage.delete(name)


def delete_all(run_id: int) -> None:
    """Everything of a run, also what a killed process left behind."""
    if not default_storage.exists(folder(run_id)):
        return
    _, files = default_storage.listdir(folder(run_id))
    delete([f"{folder(run_id)}/{file}" for file in files])
