"""Batches that have money in escrow get the spare and the known tasks that it can still pay for, beyond what can be claimed already.

Until now an answer that came late was paid out of what was there, and from goodwill when nothing was. So the least is taken here that
is certain: what lies in escrow, less everything that live leases, open items and unsettled answers can still claim. Leases that ran
out less than a grace ago keep their claim as far as that reaches, the newest first. What appeals were paid before is goodwill's.
"""

from django.conf import settings
from django.db import migrations

MAX_BPS, PURSES, MIN_EACH = 10_000, 16, 50

BATCHES = """
SELECT b.id, b.state, b.items_total, p.max_answers, p.gold_share_bps, a.balance_micro, b.base_micro,
       b.base_micro + b.bonus_micro + (b.base_micro + b.bonus_micro) * b.fee_bps / 10000 AS cost_micro
  FROM labelling_batch b JOIN labelling_project p ON p.id = b.project_id
  JOIN ledger_account a ON a.kind = 'batch_escrow' AND a.owner = 'batch:' || b.id AND a.currency = b.currency
 WHERE b.state <> 'draft' AND a.balance_micro > 0
 ORDER BY b.id
"""
# Answers that open items still may come to, leases out on decided items, known tasks out, and the settled answers' unspent bonus
# (appeals may still claim it: how much exactly is looked at when the batch is refunded).
CLAIMS = """
SELECT (SELECT coalesce(sum(%(most)s - counted), 0) FROM labelling_batchitem WHERE batch_id = %(batch)s AND state = 'open'),
       (SELECT count(*) FROM labelling_lease l JOIN labelling_batchitem bi ON bi.id = l.batch_item_id
         WHERE l.batch_id = %(batch)s AND l.state = 'live' AND bi.state = 'done'),
       (SELECT count(*) FROM labelling_lease WHERE batch_id = %(batch)s AND state = 'live' AND batch_item_id IS NULL),
       (SELECT count(*) FROM labelling_answer a WHERE a.batch_id = %(batch)s AND a.gold_right IS NOT NULL),
       (SELECT count(*) FROM labelling_answer a LEFT JOIN labelling_settlement s ON s.answer_id = a.id
         WHERE a.batch_id = %(batch)s AND s.id IS NULL),
       (SELECT coalesce(sum(b.bonus_micro - s.bonus_micro), 0) FROM labelling_settlement s
          JOIN labelling_answer a ON a.id = s.answer_id JOIN labelling_batch b ON b.id = a.batch_id
         WHERE a.batch_id = %(batch)s AND EXISTS (
               SELECT 1 FROM labelling_answer m WHERE m.worker_id = s.worker_id AND m.project_id = a.project_id AND NOT m.gold_right))
"""
KEEP = """
UPDATE labelling_lease SET state = 'late' WHERE id IN (
    SELECT id FROM labelling_lease WHERE batch_id = %s AND state = 'expired' AND expires_at > now() - %s * interval '1 second'
     ORDER BY expires_at DESC LIMIT %s)
"""


def give_spare(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(BATCHES)
        for row in cursor.fetchall():
            _give(cursor, *row)


def _give(cursor, batch, state, items, most, share_bps, balance_micro, base_micro, cost_micro):
    cursor.execute(CLAIMS, {"batch": batch, "most": most})
    [(open_answers, out, gold_out, gold_answered, unsettled, unspent_micro)] = cursor.fetchall()
    claimed_micro = (open_answers + out + gold_out) * cost_micro + unsettled * (cost_micro - base_micro) + unspent_micro
    free = max(0, int(balance_micro - claimed_micro)) // cost_micro
    cursor.execute(KEEP, [batch, settings.LEASE_GRACE_S, free])
    free -= cursor.rowcount
    if state != "open":
        return
    promised = -(-items * most * share_bps // (MAX_BPS - share_bps))
    gold = max(0, min(promised - gold_answered - gold_out, free))
    cursor.execute("UPDATE labelling_batch SET spare = %s WHERE id = %s", [free - gold, batch])
    purses = min(PURSES, -(-gold // MIN_EACH))
    for place in range(purses):
        part = gold // purses + (place < gold % purses)
        cursor.execute('INSERT INTO labelling_goldpurse (batch_id, "left") VALUES (%s, %s)', [batch, part])


def whose_money(apps, schema_editor):
    appeals = apps.get_model("labelling", "GoldAppeal").objects.filter(paid_micro__gt=0).select_related("answer")
    payment = apps.get_model("labelling", "AppealPayment")
    payment.objects.bulk_create(
        payment(
            appeal=one,
            batch_id=one.answer.batch_id,
            source="goodwill",
            amount_micro=one.paid_micro,
            paid_at=one.decided_at,
        )
        for one in appeals
    )


class Migration(migrations.Migration):
    dependencies = [("labelling", "0017_what_is_payable"), ("ledger", "0005_goodwill_is_funded")]
    operations = [
        migrations.RunPython(give_spare, migrations.RunPython.noop),
        migrations.RunPython(whose_money, migrations.RunPython.noop),
    ]
