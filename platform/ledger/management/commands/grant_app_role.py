from django.core.management.base import BaseCommand

from ledger.roles import grant_app_role


class Command(BaseCommand):
    help = "Make the application's database role and give it its rights: all tables, but of what is evidence only reading and adding."

    def add_arguments(self, parser):
        parser.add_argument("role", nargs="?", default="ilima_app")
        parser.add_argument("--login", action="store_true", help="let the role sign in by itself")

    def handle(self, *, role, login, **options):
        grant_app_role(role, login)
        self.stdout.write(f"{role} may now read evidence and add to it, and use every other table.")
