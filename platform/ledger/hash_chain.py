"""A hash chain over the transfers, sealed afterwards in stretches, so that not even the database's owner can change the past unseen.

    hash = SHA-256(prev_hash ‖ one canonical JSON line for each transfer, in ascending id)

Why not link each transfer to the one before as it is posted: docs/decisions/ledger-chain.md.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime

from django.db import transaction
from django.db.models import TextField
from django.db.models.functions import Cast

from kernel.locks import lock_until_commit
from kernel.sql import fetch, stream
from ledger.models import Seal, Transfer
from proofs.canonical_json import canonical_bytes

GENESIS = bytes(32)


def seal() -> Seal | None:
    """Seal every transfer that is not sealed yet; None when there is none. Holds posting up only for the moment of the fence."""
    last_id = _fence()
    with transaction.atomic():
        lock_until_commit("ledger.seal")
        before = Seal.objects.order_by("id").last()
        first_id = before.last_transfer_id if before else 0
        if last_id is None or last_id <= first_id:
            return None
        prev_hash = bytes(before.hash) if before else GENESIS
        digest, count = hash_stretch(prev_hash, first_id, last_id)
        return Seal.objects.create(last_transfer_id=last_id, transfer_count=count, prev_hash=prev_hash, hash=digest)


def head() -> bytes:
    """The chain's newest hash, 32 bytes; zeros before the first seal. Publish it: whoever kept it can check the past."""
    newest = Seal.objects.order_by("id").last()
    return bytes(newest.hash) if newest else GENESIS


def broken_seals() -> Iterator[str]:
    """A sentence for each link that no longer fits what it sealed."""
    prev_hash, first_id = GENESIS, 0
    for link in stream(Seal.objects.order_by("id")):
        digest, count = hash_stretch(prev_hash, first_id, link.last_transfer_id)
        if (bytes(link.prev_hash), bytes(link.hash), link.transfer_count) != (prev_hash, digest, count):
            yield f"Seal {link.pk} does not fit transfers {first_id + 1} to {link.last_transfer_id}."
        prev_hash, first_id = bytes(link.hash), link.last_transfer_id


def hash_stretch(prev_hash: bytes, after_id: int, last_id: int) -> tuple[bytes, int]:
    """(hash, number of transfers) of the stretch after_id < id <= last_id. Constant memory."""
    digest, count = hashlib.sha256(prev_hash), 0
    for line in _stretch_lines(after_id, last_id):
        digest.update(line)
        count += 1
    return digest.digest(), count


def _stretch_lines(after_id: int, last_id: int) -> Iterator[bytes]:
    rows = (
        Transfer.objects.filter(id__gt=after_id, id__lte=last_id)
        .annotate(note_text=Cast("note", TextField()))
        .order_by("id")
        .values_list(
            "id", "key", "kind", "currency", "body_hash", "note_text", "reverses_id", "effective_at", "created_at"
        )
    )
    for *plain, body_hash, note, reverses_id, effective_at, created_at in stream(rows):
        times = [_utc_text(effective_at), _utc_text(created_at)]
        yield canonical_bytes([*plain, bytes(body_hash).hex(), note, reverses_id, *times]) + b"\n"


def _utc_text(when: datetime) -> str:
    return when.astimezone(UTC).isoformat(timespec="microseconds")


def _fence() -> int | None:
    last_id: int | None
    with transaction.atomic():
        ((last_id,),) = fetch("SELECT ledger_fence()")
    return last_id
