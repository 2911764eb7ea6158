"""The law of the ledger, in the database: it holds for every program, every console and every mistake.

SQLSTATE 23514 (check_violation) for a transfer that is not one, 42501 (insufficient_privilege) for an attempt to change the past.
"""

from django.db import migrations

# Makes missing accounts and locks all of them, in ascending id. SECURITY DEFINER because a row lock needs the right to UPDATE, which the
# application's role does not have. plpgsql, not sql: the second statement must see accounts that another transaction has just committed.
LOCK_ACCOUNTS = """
CREATE FUNCTION ledger_lock_accounts(kinds text[], owners text[], currencies text[])
RETURNS TABLE (id bigint, kind varchar, owner varchar, currency varchar, balance_micro bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    INSERT INTO ledger_account AS a (kind, owner, currency)
    SELECT w.kind, w.owner, w.currency FROM unnest(kinds, owners, currencies) AS w(kind, owner, currency)
     WHERE NOT EXISTS (SELECT FROM ledger_account e WHERE (e.kind, e.owner, e.currency) = (w.kind, w.owner, w.currency))
     ORDER BY 1, 2, 3
    ON CONFLICT DO NOTHING;
    RETURN QUERY
    SELECT a.id, a.kind, a.owner, a.currency, a.balance_micro
      FROM ledger_account a JOIN unnest(kinds, owners, currencies) AS w(kind, owner, currency)
        ON (a.kind, a.owner, a.currency) = (w.kind, w.owner, w.currency)
     ORDER BY a.id FOR NO KEY UPDATE OF a;
END $$;
"""

# One update an account a statement, however many legs the statement wrote. Legs are in the currency of their transfer.
APPLY_LEGS = """
CREATE FUNCTION ledger_apply_legs() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
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
CREATE TRIGGER ledger_leg_moves_balance AFTER INSERT ON ledger_leg
    REFERENCING NEW TABLE AS new_legs FOR EACH STATEMENT EXECUTE FUNCTION ledger_apply_legs();
"""

# Checked at commit: a transfer has at least two legs that sum to zero; a reversal is an exact mirror.
ZERO_SUM = """
CREATE FUNCTION ledger_check_transfer() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    the_id bigint; leg_count bigint; total numeric;
BEGIN
    IF TG_TABLE_NAME = 'ledger_leg' THEN the_id := NEW.transfer_id; ELSE the_id := NEW.id; END IF;
    SELECT count(*), coalesce(sum(amount_micro), 0) INTO leg_count, total FROM ledger_leg WHERE transfer_id = the_id;
    IF leg_count < 2 OR total <> 0 THEN
        RAISE EXCEPTION 'Transfer % has % legs that sum to %: it needs two or more that sum to 0.', the_id, leg_count, total
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_zero_sum';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER ledger_transfer_sums_to_zero AFTER INSERT ON ledger_transfer
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_check_transfer();
CREATE CONSTRAINT TRIGGER ledger_leg_sums_to_zero AFTER INSERT ON ledger_leg
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_check_transfer();

CREATE FUNCTION ledger_check_mirror() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    IF EXISTS (SELECT FROM ledger_leg WHERE transfer_id IN (NEW.id, NEW.reverses_id) GROUP BY account_id HAVING sum(amount_micro) <> 0) THEN
        RAISE EXCEPTION 'Transfer % is not the mirror image of transfer %, which it reverses.', NEW.id, NEW.reverses_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_mirror';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER ledger_reversal_mirrors AFTER INSERT ON ledger_transfer
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.reverses_id IS NOT NULL) EXECUTE FUNCTION ledger_check_mirror();
"""

# Statement triggers: refused even when no row would have been touched. A balance moves only inside the trigger on legs (depth > 0).
APPEND_ONLY = """
CREATE FUNCTION ledger_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of % is refused: the ledger is append-only, post a correcting transfer instead.', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER ledger_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_transfer EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER ledger_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_leg EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER ledger_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_seal EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER ledger_append_only BEFORE DELETE OR TRUNCATE ON ledger_account EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER ledger_balance_follows_legs BEFORE UPDATE ON ledger_account
    FOR EACH STATEMENT WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER ledger_balance_starts_at_zero BEFORE INSERT ON ledger_account
    FOR EACH ROW WHEN (NEW.balance_micro <> 0) EXECUTE FUNCTION ledger_refuse_change();
"""

# The highest transfer id below which nothing can appear any more: SHARE mode waits for every writer under way and holds new ones back
# until the (short) transaction that asks ends. Behind a writer that takes long it gives up, so that posting never waits longer than that.
FENCE = """
CREATE FUNCTION ledger_fence() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT SET lock_timeout = '2s' AS $$
BEGIN
    LOCK TABLE ledger_transfer IN SHARE MODE;
    RETURN (SELECT max(id) FROM ledger_transfer);
END $$;
"""

class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    # No way back: a ledger without its law is not one.
    operations = [migrations.RunSQL(sql) for sql in (LOCK_ACCOUNTS, APPLY_LEGS, ZERO_SUM, APPEND_ONLY, FENCE)]
