"""A project with many answers, written in bulk: what the phones sent is not what these tests are about."""

from __future__ import annotations

import uuid
from datetime import timedelta

import numpy as np
from django.utils import timezone

from labelling.models import Answer, Gold, Item, Lease, Project
from tests.worlds import World, opened, sentiment_world

LABELS = ["ant", "bee", "cat"]


def crowded(
    items: int = 120, workers: int = 8, per_item: int = 4, golds: int = 6, seed: int = 0, gold_shift: int = 0
) -> World:
    """Workers of several skills on three labels; the first items are gold as well, with truths so many labels further on."""
    config = {"labels": [{"id": label, "name": {"en": label}} for label in LABELS]}
    world = opened(sentiment_world(items=1, workers=workers, config=config))
    rng = np.random.default_rng(seed)
    fields = {"project": world.project, "dataset": world.dataset}
    world.items = Item.objects.bulk_create(
        Item(content_hash=f"{i:064d}", payload={"text": f"text {i}"}, **fields) for i in range(items)
    )
    truth = rng.integers(0, len(LABELS), items)
    Gold.objects.bulk_create(
        Gold(item=item, project=world.project, truth={"label": LABELS[(truth[i] + gold_shift) % 3]})
        for i, item in enumerate(world.items[:golds])
    )
    skill = rng.uniform(0.4, 0.95, workers)
    pairs = [(i, w) for i in range(items) for w in rng.choice(workers, per_item, replace=False)]
    said = [LABELS[truth[i] if rng.random() < skill[w] else rng.integers(0, len(LABELS))] for i, w in pairs]
    answer_all(world, [(world.items[i], world.workers[w], label) for (i, w), label in zip(pairs, said, strict=True)])
    return world


def answer_all(world: World, rows) -> None:
    now, shared = timezone.now(), {"batch": world.batch}
    leases = Lease.objects.bulk_create(
        Lease(
            id=uuid.uuid4(),
            item=item,
            worker=worker,
            state="answered",
            drawn_at=now,
            expires_at=now + timedelta(hours=1),
            **shared,
        )
        for item, worker, _ in rows
    )
    Answer.objects.bulk_create(
        Answer(
            id=uuid.uuid4(),
            lease=lease,
            item=item,
            worker=worker,
            project=world.project,
            value={"label": label},
            body_sha256="0" * 64,
            counted=True,
            base_micro=0,
            active_ms=1000,
            received_at=now,
            receipt={},
            receipt_signature="",
            **shared,
        )
        for lease, (item, worker, label) in zip(leases, rows, strict=True)
    )


def published(project: Project) -> dict:
    """{annotator: (tables, summary without which answers were seen, answers)}."""
    rows = project.skills.values_list("annotator", "tables", "summary", "answers")
    return {
        name: (tables, {k: v for k, v in summary.items() if k not in ("answers_seen", "last_seq")}, n)
        for name, tables, summary, n in rows
    }
