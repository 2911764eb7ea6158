"""The queues, which task goes where, and the kinds of worker: the one place where they are named.

A worker's kind is what its tasks wait for. Money and decisions wait for the database alone, so nobody's gigabytes, slow server or
training stands before them in line: that work has workers of its own. `./run demo` starts one of each kind.
"""

from __future__ import annotations

from dataclasses import dataclass

DEFAULT = "ilima"


@dataclass(frozen=True)
class Kind:
    name: str
    queues: tuple[str, ...]
    slots: int
    why: str
    pool: str = "prefork"
    nice: int = 0  # how far it stands back where processors are few


KINDS = (
    Kind("worker", (DEFAULT,), 2, "the outbox, decisions, settlement, sweeps: waits for the database alone"),
    Kind(
        "courier",
        ("payouts", "webhooks"),
        4,
        "waits for rails, receivers and models of others, which may be slow",
        pool="threads",
    ),
    Kind(
        "importer",
        ("imports", "releases", "anchors"),
        2,
        "gigabytes of requesters, a day's Merkle tree, a chain",
        nice=10,
    ),
    Kind("learner", ("learning",), 1, "training and skills over shards: minutes of processor", nice=10),
)
ROUTES = {
    "payouts.tasks.*": {"queue": "payouts"},
    "delivery.tasks.send_webhooks": {"queue": "webhooks"},
    "anchoring.tasks.*": {"queue": "anchors"},
    "labelling.tasks.import_next": {"queue": "imports"},
    "labelling.tasks.speak_instructions": {"queue": "imports"},
    "labelling.tasks.build_release": {"queue": "releases"},
    "intake.tasks.*": {"queue": "imports"},
    "notices.tasks.*": {"queue": "webhooks"},
    "ml_assist.judge_tasks.*": {"queue": "webhooks"},
    "ml_assist.tasks.*": {"queue": "learning"},
    "consensus.app.run_tasks.work_on_shard": {"queue": "learning"},
    "consensus.app.run_tasks.advance_run": {"queue": "learning"},
}


def command(kind: Kind, node: str) -> list[str]:
    """Celery's arguments for a worker of this kind; `node` tells those of one machine apart."""
    flags = ["-n", f"{node}@%h", "--without-mingle", "--without-gossip", "-P", kind.pool, "-l", "INFO"]
    return ["worker", "-c", str(kind.slots), "-Q", ",".join(kind.queues), *flags]


def kind_of(name: str) -> Kind:
    return next(kind for kind in KINDS if kind.name == name)
