"""One statement posts: accounts are locked for one round trip less, and no Python runs while they are.

Legs of a transfer are written by one statement, which must sum to zero: checked once a statement instead of once a leg at commit,
which took a third of the time of posting. The check at commit stays for the transfer, which may not be without legs.
"""

from django.db import migrations

# Nothing is written when a key stands already or money is missing: the rows say so, and the caller's transaction stays usable.
# Positions count from 1 into the account arrays and into the transfer arrays.
POST = """
CREATE FUNCTION ledger_post(
    account_kinds text[], owners text[], account_currencies text[], never_negative text[],
    keys text[], kinds text[], currencies text[], body_hashes bytea[], notes jsonb[], effective timestamptz[], reversed bigint[],
    leg_transfers int[], leg_accounts int[], amounts_micro bigint[]
) RETURNS TABLE (outcome text, key text, id bigint, body_hash bytea, account int, short_micro bigint)
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
#variable_conflict use_column
DECLARE
    account_ids bigint[]; balances_micro bigint[]; transfer_ids bigint[];
BEGIN
    -- Whatever of the caller's rows waits for the commit to be checked is checked now, before others wait for these accounts.
    SET CONSTRAINTS ALL IMMEDIATE;
    SET CONSTRAINTS ALL DEFERRED;

    SELECT array_agg(a.id ORDER BY w.place), array_agg(a.balance_micro ORDER BY w.place) INTO account_ids, balances_micro
      FROM unnest(account_kinds, owners, account_currencies) WITH ORDINALITY AS w(kind, owner, currency, place)
      JOIN ledger_lock_accounts(account_kinds, owners, account_currencies) a
        ON (a.kind, a.owner, a.currency) = (w.kind, w.owner, w.currency);

    RETURN QUERY SELECT 'stands', t.key::text, t.id, t.body_hash, NULL::int, NULL::bigint FROM ledger_transfer t WHERE t.key = ANY(keys);
    IF FOUND THEN RETURN; END IF;

    RETURN QUERY
    SELECT 'short', NULL, NULL::bigint, NULL::bytea, leg.account, -(balances_micro[leg.account] + sum(leg.amount_micro))::bigint
      FROM unnest(leg_accounts, amounts_micro) AS leg(account, amount_micro)
     WHERE account_kinds[leg.account] = ANY(never_negative)
     GROUP BY leg.account HAVING balances_micro[leg.account] + sum(leg.amount_micro) < 0;
    IF FOUND THEN RETURN; END IF;

    WITH body AS (
        SELECT * FROM unnest(keys, kinds, currencies, body_hashes, notes, effective, reversed)
            WITH ORDINALITY AS b(key, kind, currency, body_hash, note, effective_at, reverses_id, place)
    ), made AS (
        INSERT INTO ledger_transfer AS t (key, kind, currency, body_hash, note, effective_at, reverses_id)
        SELECT b.key, b.kind, b.currency, b.body_hash, b.note, coalesce(b.effective_at, now()), b.reverses_id FROM body b ORDER BY b.place
        RETURNING t.id, t.key
    )
    SELECT array_agg(made.id ORDER BY body.place) INTO transfer_ids FROM body JOIN made ON made.key = body.key;

    INSERT INTO ledger_leg (transfer_id, account_id, amount_micro)
    SELECT transfer_ids[leg.transfer], account_ids[leg.account], leg.amount_micro
      FROM unnest(leg_transfers, leg_accounts, amounts_micro) AS leg(transfer, account, amount_micro);

    RETURN QUERY SELECT 'made', m.key, m.id, NULL::bytea, NULL::int, NULL::bigint FROM unnest(keys, transfer_ids) AS m(key, id);
END $$;
"""

APPLY_LEGS = """
CREATE OR REPLACE FUNCTION ledger_apply_legs() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    bad record;
BEGIN
    SELECT n.transfer_id, n.leg_count, n.total INTO bad
      FROM (SELECT transfer_id, count(*) AS leg_count, sum(amount_micro) AS total FROM new_legs GROUP BY transfer_id) n
     WHERE n.leg_count < 2 OR n.total <> 0 OR n.leg_count <> (SELECT count(*) FROM ledger_leg l WHERE l.transfer_id = n.transfer_id)
     LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'Transfer % gets % legs that sum to %: it needs two or more that sum to 0, all written at once.',
            bad.transfer_id, bad.leg_count, bad.total
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_zero_sum';
    END IF;
    IF EXISTS (SELECT FROM new_legs l JOIN ledger_account a ON a.id = l.account_id JOIN ledger_transfer t ON t.id = l.transfer_id
                WHERE a.currency <> t.currency) THEN
        RAISE EXCEPTION 'A leg touches an account of another currency than its transfer''s: post one transfer a currency.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_one_currency';
    END IF;
    UPDATE ledger_account a SET balance_micro = a.balance_micro + d.amount_micro
      FROM (SELECT account_id, sum(amount_micro)::bigint AS amount_micro FROM new_legs GROUP BY account_id) d
     WHERE a.id = d.account_id;
    RETURN NULL;
END $$;
DROP TRIGGER ledger_leg_sums_to_zero ON ledger_leg;
"""

CHECK_TRANSFER = """
CREATE OR REPLACE FUNCTION ledger_check_transfer() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM ledger_leg WHERE transfer_id = NEW.id) THEN
        RAISE EXCEPTION 'Transfer % has no legs: it needs two or more that sum to 0.', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_zero_sum';
    END IF;
    RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_law")]
    # No way back: a ledger without its law is not one.
    operations = [migrations.RunSQL(sql) for sql in (POST, APPLY_LEGS, CHECK_TRANSFER)]
