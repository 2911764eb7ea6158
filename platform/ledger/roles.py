"""The application's role in the database: it works on everything, but what is evidence it can only read and add to.

Run after each migrate, as the owner of the tables. Not being the owner, the role can neither disable a trigger nor drop one, and
without temporary tables it has no place for code of its own.
"""

from __future__ import annotations

from django.db import connection, transaction
from psycopg import sql

_READ_ONLY = ["ledger_account", "django_migrations"]
# Written once and never again: what was done, said, earned, decided and promised.
_APPENDED = [
    "ledger_transfer", "ledger_leg", "ledger_seal", "people_auditentry", "django_admin_log", "labelling_answer", "labelling_settlement",
    "labelling_earlybase", "consensus_supersededdecision", "anchoring_period", "anchoring_statementline", "anchoring_commitment",
    "anchoring_anchorattempt",
]  # fmt: skip
# Rows that move on and never go away, and the columns of them that stand as they were written.
_ORDER = ["id", "provider", "reference", "amount_micro", "currency", "destination_sealed", "created_at"]
_FIXED = {
    "payouts_payout": [*_ORDER, "worker_id", "destination_hint"],
    "payouts_deposit": [*_ORDER, "organisation_id", "asked_by_id"],
    "labelling_gold": ["id", "item_id", "project_id", "created_at"],  # of a new truth the database notes the old one
    "anchoring_statement": [
        "id", "period_id", "worker_id", "currency", "opening_micro", "earned_micro", "paid_micro", "balance_micro", "leaf",
    ],
}  # fmt: skip
# With the owner's rights, for what must be locked or forgotten all the same.
_FUNCTIONS = ["ledger_lock_accounts(text[], text[], text[])", "ledger_fence()", "people_forget(bigint)"]


def grant_app_role(role: str, login: bool = False) -> None:
    """Make `role` when it is absent and give it exactly its rights. Safe to repeat."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT rolcanlogin FROM pg_roles WHERE rolname = %s", [role])
        found = cursor.fetchone()
        if found is None:
            cursor.execute(sql.SQL("CREATE ROLE {}").format(sql.Identifier(role)))
        if login and found != (True,):
            cursor.execute(sql.SQL("ALTER ROLE {} LOGIN").format(sql.Identifier(role)))
        for statement in [*_GRANTS, *map(_grant_the_rest_of, _FIXED)]:
            names = {"role": sql.Identifier(role), "database": sql.Identifier(connection.settings_dict["NAME"])}
            cursor.execute(sql.SQL(statement).format(**names))


def _grant_the_rest_of(table: str) -> str:
    """UPDATE on all columns but the fixed ones: the ones that a later migration adds move, too."""
    with connection.cursor() as cursor:
        columns = [column.name for column in connection.introspection.get_table_description(cursor, table)]
    moving = ", ".join(f'"{column}"' for column in columns if column not in _FIXED[table])
    return f"GRANT UPDATE ({moving}) ON {table} TO {{role}}"


_KEPT = [*_READ_ONLY, *_APPENDED, *_FIXED]
_GRANTS = [
    "REVOKE TEMPORARY ON DATABASE {database} FROM PUBLIC, {role}",
    "REVOKE CREATE ON SCHEMA public FROM PUBLIC, {role}",
    "GRANT USAGE ON SCHEMA public TO {role}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
    "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
    *(f"REVOKE ALL ON {table} FROM {{role}}, PUBLIC" for table in _KEPT),
    *(f"GRANT SELECT ON {table} TO {{role}}" for table in _KEPT),
    *(f"GRANT INSERT ON {table} TO {{role}}" for table in [*_APPENDED, *_FIXED]),
    *(f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC" for function in _FUNCTIONS),
    *(f"GRANT EXECUTE ON FUNCTION {function} TO {{role}}" for function in _FUNCTIONS),
]
