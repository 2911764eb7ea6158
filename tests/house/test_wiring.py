"""Every event has a handler, and every scheduled task exists: nothing is emitted into the void."""

import fnmatch
import re
from pathlib import Path

from delivery.outbox import _handlers
from server import queues
from server.celery import app

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("platform", "labelling", "consensus", "ml_assist")
# Told to whoever listens one day; nothing in the house depends on them.
FOR_INFORMATION = {"items.added", "batch.opened", "label.requested", "model.live"}


def test_every_emitted_event_is_handled():
    sources = [path.read_text() for room in ROOMS for path in (ROOT / room).rglob("*.py")]
    emitted = {name for text in sources for name in re.findall(r"emit(?:_many)?\(\s*\"([a-z_.]+)\"", text)}
    assert emitted
    assert emitted - set(_handlers) - FOR_INFORMATION == set()


def test_every_task_goes_to_a_queue_that_some_worker_works_on():
    app.loader.import_default_modules()
    ours = [name for name in app.tasks if not name.startswith("celery.")]
    worked_on = {queue for kind in queues.KINDS for queue in kind.queues}
    routed = {name: app.amqp.router.route({}, name)["queue"].name for name in ours}
    assert len(ours) > 20
    assert set(routed.values()) == worked_on
    for pattern in queues.ROUTES:  # a route that matches nothing is a task that was renamed
        assert fnmatch.filter(ours, pattern), pattern
    # Money waits for the database alone.
    slow = {"imports", "releases", "webhooks", "learning", "anchors"}
    assert not slow & set(queues.kind_of("worker").queues)
    assert {routed[f"{name}"] for name in ("delivery.tasks.drain_outbox", "labelling.tasks.expire_leases")} == {"ilima"}


def test_every_scheduled_task_exists():
    app.loader.import_default_modules()
    scheduled = {entry["task"] for entry in app.conf.beat_schedule.values()}
    assert scheduled - set(app.tasks) == set()
