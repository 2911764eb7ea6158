from django.core.management.base import BaseCommand, CommandError

from ledger.audit import findings
from ledger.hash_chain import head
from ledger.reading import trial_balance


class Command(BaseCommand):
    help = "Recompute the whole ledger from its legs: print the trial balance, fail with a sentence for each thing that is wrong."

    def handle(self, **options):
        for row in trial_balance():
            self.stdout.write(f"{row.currency}  {row.kind:<18} {row.account_count:>8} accounts {row.sum_micro:>22,}")
        self.stdout.write(f"sealed head {head().hex()}")
        wrong = findings()
        for sentence in wrong:
            self.stderr.write(sentence)
        if wrong:
            raise CommandError(f"The ledger is not sound: {len(wrong)} findings.")
        self.stdout.write("The ledger is sound.")
