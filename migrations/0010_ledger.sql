-- What the engine needs to keep the ledger right by itself; the triggers are beside, one file an engine.

-- The last transfer that moved the account: each is applied once, in order.
ALTER TABLE ledger_accounts ADD COLUMN last_sequence BIGINT NOT NULL DEFAULT 0;
UPDATE ledger_accounts SET last_sequence =
    COALESCE((SELECT MAX(t.sequence) FROM transfers t WHERE t.debit_account_id = ledger_accounts.id OR t.credit_account_id = ledger_accounts.id), 0);

-- One payment tops up once; a refund or a dispute of it may take several transfers.
DROP INDEX transfers_one_topup;
CREATE UNIQUE INDEX transfers_one_topup ON transfers (payment_id) WHERE payment_id IS NOT NULL AND kind = 'topup';
-- An order takes setup and first month once from each account.
CREATE UNIQUE INDEX transfers_one_capture ON transfers (order_id, kind, debit_account_id)
    WHERE order_id IS NOT NULL AND kind IN ('setup_fee', 'rental');
CREATE INDEX transfers_by_time ON transfers (organization_id, at);
CREATE INDEX transfers_by_payment ON transfers (payment_id) WHERE payment_id IS NOT NULL;
CREATE INDEX set_asides_pending ON set_asides (account_id) WHERE state = 'pending';
