"""manage.py anchor_now: close a period at once, send its anchor, and wait until it is final."""

import time

from django.core.management.base import BaseCommand, CommandError

from anchoring.actions.close_period import close_period
from anchoring.actions.confirm_anchor import confirm_anchors
from anchoring.actions.publish_anchor import publish_anchors
from anchoring.chains import ChainError
from anchoring.models import AnchorTx, Period


class Command(BaseCommand):
    help = "Close the current period now, anchor it, and wait until the anchor is final."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--wait-s", type=float, default=60, help="give up waiting for finality after this long")

    def handle(self, *, wait_s: float, **options) -> None:
        period = close_period()
        self.stdout.write(
            f"Closed {period}: {period.statement_count} statements." if period else "Nothing new to close."
        )
        deadline = time.monotonic() + wait_s
        while not self._advance():
            if time.monotonic() > deadline:
                raise CommandError("The anchor is sent but not final yet; it is followed up in the background.")
            time.sleep(0.5)
        self.stdout.write("Every period is final on the chain.")

    def _advance(self) -> bool:
        try:
            publish_anchors()
            confirm_anchors()
        except ChainError as error:
            raise CommandError(f"{error} Start the chain, or set CHAIN_RPC_URL.") from error
        return not Period.objects.exclude(anchor__state=AnchorTx.State.FINAL).exists()
