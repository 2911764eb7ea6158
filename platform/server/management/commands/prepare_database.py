from django.core.management import call_command
from django.core.management.base import BaseCommand

from ledger.roles import grant_app_role


class Command(BaseCommand):
    help = "Migrate as the tables' owner and give the application's role its rights: both in one process, which a start waits for."

    def add_arguments(self, parser):
        parser.add_argument("role", nargs="?", help="leave it out where the owner itself is the application")

    def handle(self, *, role, **options):
        call_command("migrate", verbosity=0)
        if role:
            grant_app_role(role, login=True)
