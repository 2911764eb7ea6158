"""The Celery application. Beat's whole schedule stands here."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
for path in (str(ROOT / "platform"), str(ROOT)):
    if path not in sys.path:
        sys.path.insert(0, path)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "server.settings")

from celery import Celery  # noqa: E402
from celery.beat import PersistentScheduler  # noqa: E402
from celery.schedules import crontab  # noqa: E402
from celery.signals import beat_init, celeryd_init, heartbeat_sent, worker_process_init  # noqa: E402

from server import gc_tuning, pulse, tether  # noqa: E402

app = Celery("ilima")
LOOP_WITHIN_S = 60  # it may wait that long for a broker that is away


@worker_process_init.connect
def child_begins(**_) -> None:
    """Of a pool of processes: a killed parent leaves no child that works on."""
    tether.die_with_parent()
    pulse.start()
    gc_tuning.settle()


@celeryd_init.connect
@beat_init.connect
def process_begins(**_) -> None:
    pulse.start()


@celeryd_init.connect
@beat_init.connect
def refuse_demo_secrets(**_) -> None:
    """Celery drops what system checks find, and swallows the exceptions of its signals, but for this one."""
    from django.core.exceptions import ImproperlyConfigured

    from server import checks

    try:
        checks.refuse_demo_secrets()
    except ImproperlyConfigured as demo:
        raise SystemExit(str(demo)) from demo


@heartbeat_sent.connect
def worker_lives(**_) -> None:
    """From the worker's parent process, every two seconds, however long its children are at work."""
    from server import hearts

    pulse.promise(LOOP_WITHIN_S, "loop")
    hearts.tell(*(f"queue:{queue}" for queue in app.amqp.queues.consume_from))


class Scheduler(PersistentScheduler):
    def tick(self, *args, **kwargs):
        from server import hearts

        pulse.promise(LOOP_WITHIN_S, "loop")
        hearts.tell("beat")
        return super().tick(*args, **kwargs)


app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.beat_scheduler = "server.celery:Scheduler"
app.autodiscover_tasks()
app.conf.beat_schedule = {
    "drain the outbox": {"task": "delivery.tasks.drain_outbox", "schedule": 1.0, "options": {"expires": 2}},
    "expire leases": {"task": "labelling.tasks.expire_leases", "schedule": 30.0},
    "close batches at their deadline": {"task": "labelling.tasks.close_overdue_batches", "schedule": 30.0},
    "refund closed batches": {"task": "labelling.tasks.refund_closed_batches", "schedule": 60.0},
    "drop unfinished uploads": {"task": "labelling.tasks.drop_unfinished_uploads", "schedule": 3600.0},
    "tiles for pictures from before": {
        "task": "intake.tasks.add_tiles",
        "schedule": 600.0,
        "options": {"expires": 600},
    },
    "resume imports and releases": {"task": "labelling.tasks.resume_long_jobs", "schedule": 60.0},
    "end bans that nobody answered for": {"task": "labelling.tasks.end_bans", "schedule": 600.0},
    "decide for workers whose appeals nobody answered": {"task": "labelling.tasks.end_gold_appeals", "schedule": 600.0},
    "refresh skills": {"task": "consensus.app.tasks.refresh_skills", "schedule": 60.0},
    "resume skill runs": {
        "task": "consensus.app.run_tasks.resume_skill_runs",
        "schedule": 15.0,
        "options": {"expires": 15},
    },
    "look for abuse": {"task": "consensus.app.tasks.look_for_abuse", "schedule": 300.0, "options": {"expires": 300}},
    "look at newcomers": {
        "task": "consensus.app.tasks.look_at_newcomers",
        "schedule": 15.0,
        "options": {"expires": 15},
    },
    "release base pay after a day": {
        "task": "labelling.tasks.release_base",
        "schedule": 600.0,
        "options": {"expires": 600},
    },
    "check wages as measured": {"task": "labelling.tasks.check_wages", "schedule": 120.0, "options": {"expires": 120}},
    "look at promises on label APIs": {
        "task": "labelling.tasks.look_at_due_promises",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "end holds of pay": {"task": "labelling.tasks.end_holds", "schedule": 600.0},
    "ask judges": {"task": "ml_assist.judge_tasks.ask_judges", "schedule": 15.0, "options": {"expires": 15}},
    "send payouts": {"task": "payouts.tasks.send_due_payouts", "schedule": 5.0},
    "compare the rails' books with ours": {
        "task": "payouts.tasks.reconcile_books",
        "schedule": crontab(hour=3, minute=10),
    },
    "seal the ledger": {"task": "ledger.tasks.seal_ledger", "schedule": 3600.0},
    "audit the ledger": {"task": "ledger.tasks.audit_ledger", "schedule": crontab(hour=3, minute=40)},
    "forget where payouts were asked from": {
        "task": "payouts.tasks.forget_sightings",
        "schedule": crontab(hour=3, minute=40),
    },
    "look up unknown payouts": {"task": "payouts.tasks.sweep_unknown", "schedule": 60.0},
    "close yesterday and anchor it": {"task": "anchoring.tasks.advance", "schedule": crontab(minute="*/5")},
    "send webhooks": {"task": "delivery.tasks.send_webhooks", "schedule": 5.0, "options": {"expires": 5}},
    "forget budgets whose window is over": {"task": "people.tasks.forget_budgets", "schedule": 600.0},
    "forget what is kept for a time only": {"task": "server.tasks.forget_old", "schedule": crontab(minute="*/20")},
    "send notices": {"task": "notices.tasks.send_notices", "schedule": 60.0, "options": {"expires": 60}},
    "retrain models": {"task": "ml_assist.tasks.retrain_due", "schedule": 300.0},
}
