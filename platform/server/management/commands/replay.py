"""Replay a recorded crowd through the real HTTP API, or a simulated one to plan a batch."""

from __future__ import annotations

import json
import time
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from server.replay.crowds import CrowdError, read_crowd, simulate
from server.replay.report import as_text, report
from server.replay.run import Plan, Replay


class Command(BaseCommand):
    help = "Replay the crowd of a folder (labels.csv or labels.jsonl, truth beside it) through a running platform, or simulate one."

    def add_arguments(self, parser):
        parser.add_argument("folder", nargs="?", type=Path)
        parser.add_argument("--url", default=settings.PUBLIC_URL, help="where the platform answers")
        parser.add_argument("--clients", type=int, default=8, help="phones at work side by side")
        parser.add_argument("--limit", type=int, help="only the first so many tasks")
        parser.add_argument("--stop-when-sure", action="store_true", help="stop asking when an item is sure enough")
        parser.add_argument("--target", type=float, default=0.95, help="how sure is enough")
        parser.add_argument("--base-micro", type=int, default=100_000)
        parser.add_argument("--bonus-micro", type=int, default=0)
        parser.add_argument("--task-s", type=int, default=10, help="seconds that an answer takes people, for the wage")
        parser.add_argument("--pay-out", action="store_true", help="let every worker ask for her money at the end")
        parser.add_argument("--workers", type=int, help="simulate so many workers instead of reading a folder")
        parser.add_argument(
            "--skill",
            type=float,
            nargs="+",
            default=[0.8],
            help="how often simulated workers are right, dealt out in turn",
        )
        parser.add_argument("--tasks", type=int, default=200)
        parser.add_argument("--each", type=int, default=5, help="answers at most on a simulated task")
        parser.add_argument("--json", type=Path, help="write the figures here too")

    def handle(self, **options):
        try:
            crowd = self._crowd(options)
        except CrowdError as bad:
            raise CommandError(str(bad)) from bad
        plan = Plan(
            crowd=crowd,
            url=options["url"],
            clients=options["clients"],
            every=not options["stop_when_sure"],
            target_ppm=round(options["target"] * 1e6),
            base_micro=options["base_micro"],
            bonus_micro=options["bonus_micro"],
            task_s=options["task_s"],
        )
        replay = Replay(plan)
        self.stdout.write(
            f"{crowd.name}: {len(crowd.answers)} answers of {len(crowd.workers)} workers on {len(crowd.tasks)} tasks"
        )
        replay.prepare()
        replay.work()
        replay.finish()
        if options["pay_out"]:
            replay.pay_out()
            _wait_for_payouts(replay)
        figures = report(replay)
        self.stdout.write(as_text(figures))
        if options["json"]:
            options["json"].write_text(json.dumps(figures, indent=2))

    def _crowd(self, options):
        if options["workers"]:
            return simulate(options["tasks"], options["workers"], options["skill"], options["each"])
        if options["folder"] is None:
            raise CommandError("Name a folder with a recorded crowd, or say --workers to simulate one.")
        return read_crowd(options["folder"], options["limit"])


def _wait_for_payouts(replay: Replay, for_s: int = 180) -> None:
    from payouts.models import Payout

    deadline = time.monotonic() + for_s
    workers = [worker.pk for worker in replay.workers.values()]
    while time.monotonic() < deadline and Payout.objects.filter(worker__in=workers, state__in=Payout.OPEN).exists():
        time.sleep(0.5)
