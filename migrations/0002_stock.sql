-- What carriers offer, who holds it, and each attempt to buy it.

-- R30: one counter orders every change of stock, so that a reader can ask for what changed since.
CREATE TABLE feed_head (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    n BIGINT NOT NULL
);
INSERT INTO feed_head (id, n) VALUES (1, 0);

CREATE TABLE carriers (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    public_label TEXT NOT NULL UNIQUE,
    created_at BIGINT NOT NULL
);

-- `held` is never stored here: it is a live hold or a live order.
CREATE TABLE inventory (
    e164 TEXT PRIMARY KEY CHECK (length(e164) BETWEEN 8 AND 16),
    country TEXT NOT NULL CHECK (length(country) = 2),
    carrier_id TEXT NOT NULL REFERENCES carriers (id),
    number_type TEXT NOT NULL CHECK (number_type IN ('local', 'toll_free', 'national', 'mobile')),
    locality TEXT NOT NULL,
    administrative_area TEXT NOT NULL,
    rate_center TEXT NOT NULL,
    features BIGINT NOT NULL CHECK (features BETWEEN 0 AND 31),
    setup_micros BIGINT NOT NULL CHECK (setup_micros >= 0),
    monthly_micros BIGINT NOT NULL CHECK (monthly_micros >= 0),
    state TEXT NOT NULL CHECK (state IN ('available', 'sold', 'aging', 'withdrawn')),
    aging_until BIGINT CHECK ((state <> 'aging') OR (aging_until IS NOT NULL)),
    last_owner_organization_id TEXT REFERENCES organizations (id),
    last_owner_sub_account_id TEXT REFERENCES sub_accounts (id),
    withdraw_after_aging BIGINT NOT NULL DEFAULT 0 CHECK (withdraw_after_aging IN (0, 1)),
    changed_seq BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX inventory_by_change ON inventory (changed_seq, e164);
CREATE INDEX inventory_aging ON inventory (aging_until) WHERE state = 'aging';

CREATE TABLE holds (
    id TEXT PRIMARY KEY,
    e164 TEXT NOT NULL REFERENCES inventory (e164),
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    sub_account_id TEXT REFERENCES sub_accounts (id),
    state TEXT NOT NULL CHECK (state IN ('active', 'committed', 'consumed', 'released', 'expired')),
    setup_micros BIGINT NOT NULL CHECK (setup_micros >= 0),
    monthly_micros BIGINT NOT NULL CHECK (monthly_micros >= 0),
    expires_at BIGINT NOT NULL,
    extensions BIGINT NOT NULL DEFAULT 0 CHECK (extensions BETWEEN 0 AND 10),
    created_at BIGINT NOT NULL,
    ended_at BIGINT
);
CREATE UNIQUE INDEX holds_one_live ON holds (e164) WHERE state IN ('active', 'committed');
CREATE INDEX holds_by_organization ON holds (organization_id, state, expires_at);
CREATE INDEX holds_by_expiry ON holds (expires_at) WHERE state = 'active';

CREATE TABLE orders (
    id TEXT PRIMARY KEY,
    e164 TEXT NOT NULL REFERENCES inventory (e164),
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    sub_account_id TEXT REFERENCES sub_accounts (id),
    hold_id TEXT REFERENCES holds (id),
    agent_id TEXT REFERENCES agents (id),
    state TEXT NOT NULL CHECK (state IN ('created', 'funded', 'ordered', 'completed', 'failed', 'stuck')),
    setup_micros BIGINT NOT NULL CHECK (setup_micros >= 0),
    monthly_micros BIGINT NOT NULL CHECK (monthly_micros >= 0),
    carrier_id TEXT NOT NULL REFERENCES carriers (id),
    actor TEXT NOT NULL,
    failure TEXT,
    denials BIGINT NOT NULL DEFAULT 0,
    last_denied_at BIGINT,
    ownership_id TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
-- Creating the order is the claim on the number (R1).
CREATE UNIQUE INDEX orders_one_live ON orders (e164) WHERE state IN ('created', 'funded', 'ordered', 'stuck');
CREATE INDEX orders_by_organization ON orders (organization_id, created_at);
CREATE INDEX orders_live ON orders (updated_at) WHERE state IN ('created', 'funded', 'ordered');

CREATE TABLE order_steps (
    order_id TEXT NOT NULL REFERENCES orders (id),
    position BIGINT NOT NULL,
    step TEXT NOT NULL CHECK (step IN ('claimed', 'funded', 'sent', 'confirmed', 'completed', 'denied', 'unknown', 'voided', 'failed', 'stuck')),
    detail TEXT,
    at BIGINT NOT NULL,
    PRIMARY KEY (order_id, position)
);
