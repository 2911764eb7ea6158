"""Goodwill never falls below zero again. What it gave before it had to be funded stays visible: it moves, by a transfer like any
other, into suspense, where a negative balance is what the operator still owes; `manage.py fund_goodwill` pays that first."""

from django.db import migrations, models

from ledger.transfers import hash_body

SHORT = "SELECT id, owner, currency, balance_micro FROM ledger_account WHERE kind = 'goodwill' AND balance_micro < 0"
SUSPENSE = "goodwill before it was funded"


def bring_forward(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(SHORT)
        for account, owner, currency, balance_micro in cursor.fetchall():
            _cover(cursor, account, owner, currency, -balance_micro)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def _cover(cursor, account, owner, currency, micro):
    cursor.execute(
        "INSERT INTO ledger_account (kind, owner, currency) VALUES ('suspense', %s, %s) ON CONFLICT DO NOTHING",
        [SUSPENSE, currency],
    )
    cursor.execute(
        "SELECT id FROM ledger_account WHERE kind = 'suspense' AND owner = %s AND currency = %s", [SUSPENSE, currency]
    )
    [(suspense,)] = cursor.fetchall()
    kind, legs = "bring forward", sorted([["goodwill", owner, str(micro)], ["suspense", SUSPENSE, str(-micro)]])
    cursor.execute(
        "INSERT INTO ledger_transfer (key, kind, currency, body_hash, note) VALUES (%s, %s, %s, %s, '{}') RETURNING id",
        [f"goodwill brought forward:{owner}:{currency}", kind, currency, hash_body(kind, currency, legs, None)],
    )
    [(transfer,)] = cursor.fetchall()
    cursor.execute(
        "INSERT INTO ledger_leg (transfer_id, account_id, amount_micro) VALUES (%s, %s, %s), (%s, %s, %s)",
        [transfer, account, micro, transfer, suspense, -micro],
    )


class Migration(migrations.Migration):
    dependencies = [("ledger", "0004_debt_and_donations")]
    operations = [
        migrations.RunPython(bring_forward, migrations.RunPython.noop),
        migrations.RemoveConstraint(model_name="account", name="ledger_never_negative"),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.CheckConstraint(
                condition=~models.Q(
                    kind__in=(
                        "requester_funds",
                        "batch_escrow",
                        "worker_pending",
                        "worker_available",
                        "payout_in_flight",
                        "goodwill",
                    )
                )
                | models.Q(balance_micro__gte=0),
                name="ledger_never_negative",
            ),
        ),
    ]
