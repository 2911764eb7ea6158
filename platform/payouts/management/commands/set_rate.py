from datetime import date

from django.core.management.base import BaseCommand, CommandError

from kernel.errors import DomainError
from kernel.money import NoAmount, read_micro
from payouts.actions.set_rate import set_rate
from people.access import get_person_by_address


class Command(BaseCommand):
    help = "Say what one unit of the ledger's currency is in another, so that workers see their money in their own: set_rate ZAR 17.85 ..."

    def add_arguments(self, parser):
        parser.add_argument("currency", help="three letters, for example ZAR")
        parser.add_argument("rate", help="how much of it one unit is, for example 17.85")
        parser.add_argument("--source", required=True, help="where the rate is from, as workers read it")
        parser.add_argument("--day", required=True, type=date.fromisoformat, help="whose rate it is, 2026-11-30")
        parser.add_argument("--by", required=True, help="the e-mail address of the admin who does this")

    def handle(self, *, currency, rate, source, day, by, **options):
        try:
            rate_micro = read_micro(rate)
        except NoAmount as wrong:
            raise CommandError(f"{rate} is no rate: write it like 17.85, with at most six decimals.") from wrong
        try:
            actor = get_person_by_address(by)
            if actor is None:
                raise CommandError(f"Nobody here has the address {by}.")
            made = set_rate(actor, currency, rate_micro, source, day)
        except DomainError as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"1 {made.base} is {rate} {made.currency}, by {made.source} of {made.day}.")
