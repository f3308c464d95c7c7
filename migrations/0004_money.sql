-- The double-entry ledger. A transfer is one row with a debit and a credit side, so an unbalanced one cannot be written (R23).

CREATE TABLE ledger_accounts (
    id TEXT PRIMARY KEY,
    organization_id TEXT REFERENCES organizations (id),
    kind TEXT NOT NULL CHECK (kind IN ('wallet', 'promo', 'receivable', 'payments', 'revenue_setup', 'revenue_rental', 'promotion', 'adjustments')),
    balance_micros BIGINT NOT NULL DEFAULT 0,
    set_aside_micros BIGINT NOT NULL DEFAULT 0 CHECK (set_aside_micros >= 0),
    created_at BIGINT NOT NULL,
    CHECK (kind NOT IN ('wallet', 'promo') OR balance_micros - set_aside_micros >= 0),
    CHECK (kind <> 'receivable' OR balance_micros >= 0),
    CHECK (kind IN ('wallet', 'promo') OR set_aside_micros = 0)
);
CREATE UNIQUE INDEX ledger_accounts_one_kind ON ledger_accounts (organization_id, kind) WHERE organization_id IS NOT NULL;
CREATE UNIQUE INDEX ledger_accounts_platform ON ledger_accounts (kind) WHERE organization_id IS NULL;

CREATE TABLE transfers (
    id TEXT PRIMARY KEY,
    sequence BIGINT NOT NULL UNIQUE,
    debit_account_id TEXT NOT NULL REFERENCES ledger_accounts (id),
    credit_account_id TEXT NOT NULL REFERENCES ledger_accounts (id),
    amount_micros BIGINT NOT NULL CHECK (amount_micros > 0),
    kind TEXT NOT NULL CHECK (kind IN ('topup', 'promo', 'setup_fee', 'rental', 'refund', 'dispute', 'dispute_reversal', 'adjustment')),
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    ownership_id TEXT,
    order_id TEXT REFERENCES orders (id),
    payment_id TEXT,
    e164 TEXT,
    description TEXT NOT NULL,
    balance_after_micros BIGINT NOT NULL,
    at BIGINT NOT NULL,
    CHECK (debit_account_id <> credit_account_id)
);
CREATE INDEX transfers_by_organization ON transfers (organization_id, sequence);
CREATE UNIQUE INDEX transfers_one_topup ON transfers (payment_id, kind) WHERE payment_id IS NOT NULL;

-- Money promised to a live order. It ends once: captured or voided.
CREATE TABLE set_asides (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES ledger_accounts (id),
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    order_id TEXT NOT NULL REFERENCES orders (id),
    amount_micros BIGINT NOT NULL CHECK (amount_micros > 0),
    state TEXT NOT NULL CHECK (state IN ('pending', 'captured', 'voided')),
    created_at BIGINT NOT NULL,
    ended_at BIGINT,
    UNIQUE (order_id, account_id)
);
CREATE INDEX set_asides_by_organization ON set_asides (organization_id, created_at);

CREATE TABLE rental_periods (
    ownership_id TEXT NOT NULL REFERENCES owned_numbers (id),
    period BIGINT NOT NULL CHECK (period >= 0),
    due_at BIGINT NOT NULL,
    amount_micros BIGINT NOT NULL CHECK (amount_micros >= 0),
    charged_at BIGINT NOT NULL,
    PRIMARY KEY (ownership_id, period)
);

CREATE TABLE payments (
    id TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    provider TEXT NOT NULL,
    provider_reference TEXT NOT NULL,
    amount_micros BIGINT NOT NULL CHECK (amount_micros > 0),
    status TEXT NOT NULL CHECK (status IN ('pending', 'succeeded', 'failed')),
    request_key TEXT,
    created_at BIGINT NOT NULL,
    settled_at BIGINT,
    UNIQUE (provider, provider_reference)
);
CREATE UNIQUE INDEX payments_one_request ON payments (organization_id, request_key) WHERE request_key IS NOT NULL;
CREATE INDEX payments_by_organization ON payments (organization_id, created_at);

CREATE TABLE payment_events (
    provider TEXT NOT NULL,
    event_id TEXT NOT NULL,
    payment_id TEXT NOT NULL REFERENCES payments (id),
    kind TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (provider, event_id)
);
