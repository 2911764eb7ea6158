"""`manage.py remove_factors ADDRESS --by ADMIN`: somebody has lost her second factor, and an admin has made sure that it is she."""

from django.core.management.base import BaseCommand, CommandError

from kernel.errors import DomainError
from people.access import get_person_by_address
from people.actions.remove_factors import remove_factors


class Command(BaseCommand):
    help = "Remove the second factors of a person who has lost them; her sessions and tokens end."

    def add_arguments(self, parser) -> None:
        parser.add_argument("address", help="her e-mail address or phone number")
        parser.add_argument("--by", required=True, metavar="ADDRESS", help="the admin who has made sure who she is")

    def handle(self, *args, **options) -> None:
        try:
            person, admin = (get_person_by_address(options[name]) for name in ("address", "by"))
            if person is None or admin is None:
                raise CommandError("There is no account with that address.")
            removed = remove_factors(admin, person)
        except DomainError as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(f"Removed {removed}. Her sessions and tokens have ended, and she was written to.")
