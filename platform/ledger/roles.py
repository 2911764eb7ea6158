"""The application's role in the database: it works on everything, but of the ledger it can only read and append.

Run after each migrate, as the owner of the tables. Not being the owner, the role can neither disable a trigger nor drop one.
"""

from __future__ import annotations

from django.db import connection, transaction
from psycopg import sql

_LEDGER = ["ledger_account", "ledger_transfer", "ledger_leg", "ledger_seal"]
_APPENDED = ["ledger_transfer", "ledger_leg", "ledger_seal"]
_READ_ONLY = ["django_migrations"]
_FUNCTIONS = ["ledger_lock_accounts(text[], text[], text[])", "ledger_fence()"]


def grant_app_role(role: str, login: bool = False) -> None:
    """Make `role` when it is absent and give it exactly its rights. Safe to repeat."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
        if cursor.fetchone() is None:
            cursor.execute(sql.SQL("CREATE ROLE {}").format(sql.Identifier(role)))
        if login:
            cursor.execute(sql.SQL("ALTER ROLE {} LOGIN").format(sql.Identifier(role)))
        for statement in _GRANTS:
            cursor.execute(sql.SQL(statement).format(role=sql.Identifier(role)))


_GRANTS = [
    "GRANT USAGE ON SCHEMA public TO {role}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
    "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
    *(f"REVOKE ALL ON {table} FROM {{role}}, PUBLIC" for table in [*_LEDGER, *_READ_ONLY]),
    *(f"GRANT SELECT ON {table} TO {{role}}" for table in [*_LEDGER, *_READ_ONLY]),
    *(f"GRANT INSERT ON {table} TO {{role}}" for table in _APPENDED),
    *(f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC" for function in _FUNCTIONS),
    *(f"GRANT EXECUTE ON FUNCTION {function} TO {{role}}" for function in _FUNCTIONS),
]
