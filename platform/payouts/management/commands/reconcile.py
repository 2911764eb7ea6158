from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from payouts.providers import default_provider, get_provider
from payouts.reconciliation import Reconciliation, mend, reconcile


class Command(BaseCommand):
    help = "Compare the rail's books with the ledger, reference by reference. Fails with a table when they differ."

    def add_arguments(self, parser):
        parser.add_argument(
            "provider", nargs="?", default=default_provider(), choices=sorted(settings.PAYOUT_PROVIDERS)
        )
        parser.add_argument(
            "--look-up", action="store_true", help="look up what differs first (a callback may have been lost)"
        )

    def handle(self, *, provider, look_up, **options):
        found = (mend if look_up else reconcile)(get_provider(provider))
        self._totals(provider, found)
        if found.differences:
            self._table(found)
            raise CommandError(f"{len(found.differences)} of {found.reference_count} references differ.")
        self.stdout.write(f"The books agree on {found.reference_count} references.")

    def _totals(self, provider: str, found: Reconciliation) -> None:
        for currency in sorted(found.rail_micro.keys() | found.ledger_micro.keys()):
            rail_micro, ledger_micro = found.rail_micro.get(currency, 0), found.ledger_micro.get(currency, 0)
            self.stdout.write(
                f"{provider} {currency}: wallet by the rail {rail_micro:,}, by the ledger {ledger_micro:,} micro-units"
            )

    def _table(self, found: Reconciliation) -> None:
        self.stdout.write(f"{'reference':<40} {'cur':<4}{'rail':>20}{'ledger':>20}{'difference':>20}  state")
        for row in found.differences:
            money = f"{row.rail_micro:>20,}{row.ledger_micro:>20,}{row.difference_micro:>20,}"
            self.stdout.write(f"{row.reference:<40} {row.currency:<4}{money}  {row.state}")
