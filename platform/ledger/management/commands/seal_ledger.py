from django.core.management.base import BaseCommand

from ledger.hash_chain import head, seal


class Command(BaseCommand):
    help = "Seal the transfers that are not sealed yet and print the head of the chain."

    def handle(self, **options):
        made = seal()
        self.stdout.write(f"{made.transfer_count if made else 0} transfers sealed; head {head().hex()}")
