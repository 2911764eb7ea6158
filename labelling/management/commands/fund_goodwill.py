from decimal import Decimal, InvalidOperation

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from kernel.errors import DomainError
from kernel.money import MICRO, to_text
from labelling.gold.fund_goodwill import fund_goodwill
from people.models import Person


class Command(BaseCommand):
    help = "Book money that the operator has paid in at the rail as goodwill; what was given before goodwill was funded comes first."

    def add_arguments(self, parser):
        parser.add_argument("amount", help="in whole units of the currency, for example 25.00")
        parser.add_argument(
            "--reference", required=True, help="of the rail's own statement: one payment is booked once"
        )
        parser.add_argument("--by", required=True, help="the e-mail address of the admin who does this")
        parser.add_argument("--provider", default="simulated", choices=sorted(settings.PAYOUT_PROVIDERS))

    def handle(self, *, amount, reference, by, provider, **options):
        try:
            micro = Decimal(amount) * MICRO
        except InvalidOperation as wrong:
            raise CommandError(f"{amount} is not an amount: write it like 25.00.") from wrong
        if micro != micro.to_integral_value():
            raise CommandError("The smallest part of an amount is a millionth.")
        actor = Person.objects.filter(email=by).first()
        if actor is None:
            raise CommandError(f"Nobody here has the address {by}.")
        try:
            pocket = fund_goodwill(actor, int(micro), reference, provider)
        except DomainError as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"Goodwill holds {to_text(pocket.balance_micro, settings.CURRENCY, places=6)} now.")
