from django.db import migrations, models

KINDS = (
    "requester_funds", "batch_escrow", "worker_pending", "worker_available", "payout_in_flight", "provider_float", "platform_fee",
    "provider_cost", "goodwill", "suspense", "requester_debt", "donation", "judge_escrow", "model_cost",
)  # fmt: skip
NEVER_NEGATIVE = (
    "requester_funds", "batch_escrow", "worker_pending", "worker_available", "payout_in_flight", "goodwill", "judge_escrow",
    "model_cost",
)  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("ledger", "0006_search_path")]
    operations = [
        migrations.RemoveConstraint(model_name="account", name="ledger_account_kind_known"),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.CheckConstraint(condition=models.Q(kind__in=KINDS), name="ledger_account_kind_known"),
        ),
        migrations.RemoveConstraint(model_name="account", name="ledger_never_negative"),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.CheckConstraint(
                condition=~models.Q(kind__in=NEVER_NEGATIVE) | models.Q(balance_micro__gte=0), name="ledger_never_negative"
            ),
        ),
    ]
