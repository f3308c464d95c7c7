-- Numbers that an organization pays rental for, and everything that happens to them.

CREATE TABLE owned_numbers (
    id TEXT PRIMARY KEY,
    e164 TEXT NOT NULL,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    sub_account_id TEXT REFERENCES sub_accounts (id),
    agent_id TEXT REFERENCES agents (id),
    primary_route_id TEXT REFERENCES routes (id),
    failover_route_id TEXT REFERENCES routes (id),
    status TEXT NOT NULL CHECK (status IN ('available', 'assigned', 'released', 'gone', 'ported_out')),
    billing_state TEXT NOT NULL CHECK (billing_state IN ('current', 'past_due', 'suspended', 'none')),
    source TEXT NOT NULL CHECK (source IN ('purchased', 'imported')),
    verified BIGINT NOT NULL DEFAULT 1 CHECK (verified IN (0, 1)),
    label TEXT NOT NULL DEFAULT '' CHECK (length(label) <= 64),
    locked BIGINT NOT NULL DEFAULT 0 CHECK (locked IN (0, 1)),
    number_type TEXT NOT NULL CHECK (number_type IN ('local', 'toll_free', 'national', 'mobile')),
    locality TEXT NOT NULL,
    administrative_area TEXT NOT NULL,
    rate_center TEXT NOT NULL,
    features BIGINT NOT NULL CHECK (features BETWEEN 0 AND 31),
    provider TEXT NOT NULL,
    setup_micros BIGINT NOT NULL CHECK (setup_micros >= 0),
    monthly_micros BIGINT NOT NULL CHECK (monthly_micros >= 0),
    anchor_at BIGINT,
    periods_charged BIGINT NOT NULL DEFAULT 0,
    next_billing_at BIGINT,
    last_call_at BIGINT,
    released_at BIGINT,
    release_cause TEXT CHECK (release_cause IS NULL OR release_cause IN ('asked', 'unpaid')),
    recoverable_until BIGINT,
    disconnect_started_at BIGINT,
    gone_at BIGINT,
    aging_until BIGINT,
    restore_agent_id TEXT REFERENCES agents (id),
    restore_sub_account_id TEXT REFERENCES sub_accounts (id),
    version BIGINT NOT NULL DEFAULT 1,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    CHECK ((status = 'assigned') = (agent_id IS NOT NULL)),
    CHECK ((status NOT IN ('released', 'gone')) OR (released_at IS NOT NULL AND recoverable_until IS NOT NULL))
);
-- One owner a number: a released row still owns it until its recovery window has ended.
CREATE UNIQUE INDEX owned_one_live ON owned_numbers (e164) WHERE status IN ('available', 'assigned', 'released');
CREATE INDEX owned_by_organization ON owned_numbers (organization_id, status, e164);
CREATE INDEX owned_by_sub_account ON owned_numbers (sub_account_id) WHERE sub_account_id IS NOT NULL;
CREATE INDEX owned_by_agent ON owned_numbers (agent_id) WHERE agent_id IS NOT NULL;
CREATE INDEX owned_recoverable ON owned_numbers (recoverable_until) WHERE status = 'released';

CREATE TABLE number_tags (
    ownership_id TEXT NOT NULL REFERENCES owned_numbers (id),
    tag TEXT NOT NULL CHECK (length(tag) BETWEEN 1 AND 32),
    PRIMARY KEY (ownership_id, tag)
);

CREATE TABLE calls (
    id TEXT PRIMARY KEY,
    key_owner TEXT NOT NULL,
    call_id TEXT NOT NULL,
    ownership_id TEXT NOT NULL REFERENCES owned_numbers (id),
    direction TEXT NOT NULL CHECK (direction IN ('inbound', 'outbound')),
    started_at BIGINT NOT NULL,
    ended_at BIGINT,
    created_at BIGINT NOT NULL,
    UNIQUE (key_owner, call_id)
);
CREATE INDEX calls_by_ownership ON calls (ownership_id, started_at);

-- The timeline of a number, and what webhooks are made from.
CREATE TABLE events (
    id TEXT PRIMARY KEY,
    sequence BIGINT NOT NULL UNIQUE,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    ownership_id TEXT REFERENCES owned_numbers (id),
    kind TEXT NOT NULL,
    actor TEXT NOT NULL,
    data TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX events_by_ownership ON events (ownership_id, sequence);
CREATE INDEX events_by_organization ON events (organization_id, sequence);

CREATE TABLE audit (
    id TEXT PRIMARY KEY,
    organization_id TEXT REFERENCES organizations (id),
    actor_kind TEXT NOT NULL CHECK (actor_kind IN ('user', 'key', 'platform', 'system')),
    actor_id TEXT NOT NULL,
    actor_name TEXT NOT NULL,
    action TEXT NOT NULL,
    object_kind TEXT NOT NULL,
    object_id TEXT NOT NULL,
    object_label TEXT NOT NULL,
    before_json TEXT,
    after_json TEXT,
    reason TEXT,
    channel TEXT NOT NULL CHECK (channel IN ('browser', 'native', 'flowroute', 'vobiz', 'command', 'job')),
    at BIGINT NOT NULL
);
CREATE INDEX audit_by_organization ON audit (organization_id, at, id);
CREATE INDEX audit_by_object ON audit (object_kind, object_id, at);
CREATE INDEX audit_by_action ON audit (action, at);

-- R43: the channel that always exists. Webhooks and mail are copies of these rows.
CREATE TABLE notices (
    id TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    at BIGINT NOT NULL,
    read_at BIGINT
);
CREATE INDEX notices_by_organization ON notices (organization_id, at);

CREATE TABLE idempotency (
    organization_id TEXT NOT NULL,
    sub_account_id TEXT NOT NULL,
    method TEXT NOT NULL,
    path TEXT NOT NULL,
    idempotency_key TEXT NOT NULL,
    request_hash TEXT NOT NULL,
    order_id TEXT,
    dialect TEXT NOT NULL,
    status BIGINT,
    body TEXT,
    created_at BIGINT NOT NULL,
    answered_at BIGINT,
    PRIMARY KEY (organization_id, sub_account_id, method, path, idempotency_key)
);
CREATE INDEX idempotency_by_age ON idempotency (created_at);

CREATE TABLE settings (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL,
    updated_at BIGINT NOT NULL
);
