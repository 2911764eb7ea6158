"""Functions with the owner's rights look for tables in `public` and nowhere before.

"FROM CURRENT" had written down `"$user", public`, and PostgreSQL looks into the caller's temporary tables before all of that: who could
make a temporary `ledger_account` with a trigger ran his own code as the owner. Named last, pg_temp is searched last.
"""

from django.db import migrations

_FUNCTIONS = (
    "ledger_lock_accounts(text[], text[], text[])",
    "ledger_apply_legs()",
    "ledger_check_transfer()",
    "ledger_check_mirror()",
    "ledger_refuse_change()",
    "ledger_fence()",
)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0005_goodwill_is_funded")]
    # No way back: a ledger without its law is not one.
    operations = [
        migrations.RunSQL(f"ALTER FUNCTION {function} SET search_path = public, pg_temp") for function in _FUNCTIONS
    ]
