-- The ledger is kept by the database itself: a balance moves because a transfer was written, and in no other way. Whoever opens the file
-- with another program meets the same rules.

-- A transfer is written once, behind all others. REPLACE would delete the row before without asking the trigger on DELETE, so what is
-- there already is refused here.
CREATE TRIGGER transfers_append BEFORE INSERT ON transfers
WHEN EXISTS (SELECT 1 FROM transfers WHERE sequence >= NEW.sequence)
    OR EXISTS (SELECT 1 FROM transfers WHERE id = NEW.id)
    OR EXISTS (SELECT 1 FROM transfers WHERE payment_id = NEW.payment_id AND kind = 'topup' AND NEW.kind = 'topup')
    OR EXISTS (SELECT 1 FROM transfers WHERE order_id = NEW.order_id AND kind = NEW.kind AND debit_account_id = NEW.debit_account_id)
    OR typeof(NEW.amount_micros) <> 'integer' OR typeof(NEW.sequence) <> 'integer'
BEGIN SELECT RAISE(ABORT, 'a transfer is written once, behind all others'); END;

-- Assets (what is owed to us) grow on the debit side, all others on the credit side.
CREATE TRIGGER transfers_apply AFTER INSERT ON transfers
BEGIN
    UPDATE ledger_accounts SET last_sequence = NEW.sequence,
        balance_micros = balance_micros + CASE WHEN kind IN ('receivable', 'payments') THEN 1 ELSE -1 END * NEW.amount_micros
        WHERE id = NEW.debit_account_id;
    UPDATE ledger_accounts SET last_sequence = NEW.sequence,
        balance_micros = balance_micros + CASE WHEN kind IN ('receivable', 'payments') THEN -1 ELSE 1 END * NEW.amount_micros
        WHERE id = NEW.credit_account_id;
    SELECT RAISE(ABORT, 'the balance after a transfer is not what its wallet holds')
        WHERE NEW.balance_after_micros <> (SELECT COALESCE(SUM(balance_micros), 0) FROM ledger_accounts
            WHERE organization_id = NEW.organization_id AND kind IN ('wallet', 'promo'));
    SELECT RAISE(ABORT, 'a transfer touches its own organization and the installation only')
        WHERE EXISTS (SELECT 1 FROM ledger_accounts WHERE id IN (NEW.debit_account_id, NEW.credit_account_id)
            AND organization_id IS NOT NULL AND organization_id <> NEW.organization_id);
END;

CREATE TRIGGER ledger_accounts_open_empty BEFORE INSERT ON ledger_accounts
WHEN NEW.balance_micros <> 0 OR NEW.set_aside_micros <> 0 OR NEW.last_sequence <> 0
    OR EXISTS (SELECT 1 FROM ledger_accounts WHERE id = NEW.id)
    OR EXISTS (SELECT 1 FROM ledger_accounts WHERE organization_id IS NEW.organization_id AND kind = NEW.kind)
BEGIN SELECT RAISE(ABORT, 'an account opens once, and empty'); END;

CREATE TRIGGER ledger_accounts_stay BEFORE UPDATE ON ledger_accounts
WHEN NEW.id <> OLD.id OR NEW.kind <> OLD.kind OR NEW.organization_id IS NOT OLD.organization_id
BEGIN SELECT RAISE(ABORT, 'an account stays what it is'); END;

CREATE TRIGGER ledger_accounts_move_by_transfer BEFORE UPDATE OF balance_micros, last_sequence ON ledger_accounts
WHEN (NEW.balance_micros <> OLD.balance_micros OR NEW.last_sequence <> OLD.last_sequence) AND NOT EXISTS (
    SELECT 1 FROM transfers t WHERE t.sequence = NEW.last_sequence AND NEW.last_sequence > OLD.last_sequence
        AND (t.debit_account_id = NEW.id OR t.credit_account_id = NEW.id)
        AND NEW.balance_micros - OLD.balance_micros = t.amount_micros
            * CASE WHEN t.debit_account_id = NEW.id THEN -1 ELSE 1 END * CASE WHEN NEW.kind IN ('receivable', 'payments') THEN -1 ELSE 1 END)
BEGIN SELECT RAISE(ABORT, 'a balance moves by a transfer only'); END;

CREATE TRIGGER ledger_accounts_set_aside BEFORE UPDATE OF set_aside_micros ON ledger_accounts
WHEN NEW.set_aside_micros <> OLD.set_aside_micros
    AND NEW.set_aside_micros <> (SELECT COALESCE(SUM(amount_micros), 0) FROM set_asides WHERE account_id = NEW.id AND state = 'pending')
BEGIN SELECT RAISE(ABORT, 'what is set aside is the sum of the set-asides that are pending'); END;

CREATE TRIGGER ledger_accounts_no_delete BEFORE DELETE ON ledger_accounts BEGIN SELECT RAISE(ABORT, 'accounts are not deleted'); END;

-- A set-aside begins pending, stays what it is, and ends once (1001): captured or voided.
CREATE TRIGGER set_asides_begin BEFORE INSERT ON set_asides
WHEN NEW.state <> 'pending' OR typeof(NEW.amount_micros) <> 'integer'
    OR EXISTS (SELECT 1 FROM set_asides WHERE id = NEW.id)
    OR EXISTS (SELECT 1 FROM set_asides WHERE order_id = NEW.order_id AND account_id = NEW.account_id)
BEGIN SELECT RAISE(ABORT, 'a set-aside begins once, and pending'); END;

CREATE TRIGGER set_asides_apply AFTER INSERT ON set_asides
BEGIN UPDATE ledger_accounts SET set_aside_micros = set_aside_micros + NEW.amount_micros WHERE id = NEW.account_id; END;

CREATE TRIGGER set_asides_stay BEFORE UPDATE ON set_asides
WHEN NEW.id <> OLD.id OR NEW.account_id <> OLD.account_id OR NEW.order_id <> OLD.order_id OR NEW.amount_micros <> OLD.amount_micros
    OR NEW.organization_id <> OLD.organization_id
BEGIN SELECT RAISE(ABORT, 'a set-aside stays what it is'); END;

CREATE TRIGGER set_asides_end AFTER UPDATE OF state ON set_asides WHEN OLD.state = 'pending' AND NEW.state <> 'pending'
BEGIN UPDATE ledger_accounts SET set_aside_micros = set_aside_micros - NEW.amount_micros WHERE id = NEW.account_id; END;

CREATE TRIGGER set_asides_no_delete BEFORE DELETE ON set_asides BEGIN SELECT RAISE(ABORT, 'set-asides are not deleted'); END;

-- A period is charged once and stays charged.
CREATE TRIGGER rental_periods_once BEFORE INSERT ON rental_periods
WHEN EXISTS (SELECT 1 FROM rental_periods WHERE ownership_id = NEW.ownership_id AND period = NEW.period)
BEGIN SELECT RAISE(ABORT, 'a period is charged once'); END;
CREATE TRIGGER rental_periods_no_update BEFORE UPDATE ON rental_periods BEGIN SELECT RAISE(ABORT, 'rental periods are immutable'); END;
CREATE TRIGGER rental_periods_no_delete BEFORE DELETE ON rental_periods BEGIN SELECT RAISE(ABORT, 'rental periods are immutable'); END;
