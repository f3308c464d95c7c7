-- Webhooks: who wants to be told, what is still to be told, and how each attempt went.

-- `events` are names with spaces between; empty for all. Secrets are sealed with the key beside the database.
CREATE TABLE webhook_endpoints (
    id TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    url TEXT NOT NULL CHECK (length(url) BETWEEN 1 AND 2048),
    events TEXT NOT NULL,
    secret_sealed TEXT NOT NULL,
    old_secret_sealed TEXT,
    old_secret_until BIGINT,
    disabled BIGINT NOT NULL DEFAULT 0 CHECK (disabled IN (0, 1)),
    deleted_at BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    CHECK ((old_secret_sealed IS NULL) = (old_secret_until IS NULL))
);
CREATE INDEX webhook_endpoints_by_organization ON webhook_endpoints (organization_id, created_at, id);

-- One row an event and endpoint, written in the transaction of the event. `due_at` is when it is tried next; while an attempt runs it is
-- when somebody else may try, should this one never end. `failures` and `give_up_at` (set by the first attempt) count from when the
-- delivery was last asked for.
CREATE TABLE webhook_deliveries (
    id TEXT PRIMARY KEY,
    endpoint_id TEXT NOT NULL REFERENCES webhook_endpoints (id),
    event_id TEXT NOT NULL REFERENCES events (id),
    state TEXT NOT NULL CHECK (state IN ('pending', 'delivered', 'failed')),
    attempts BIGINT NOT NULL DEFAULT 0,
    failures BIGINT NOT NULL DEFAULT 0,
    due_at BIGINT NOT NULL,
    give_up_at BIGINT,
    created_at BIGINT NOT NULL,
    ended_at BIGINT,
    UNIQUE (endpoint_id, event_id)
);
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (due_at) WHERE state = 'pending';
CREATE INDEX webhook_deliveries_by_endpoint ON webhook_deliveries (endpoint_id, created_at, id);
CREATE INDEX webhook_deliveries_ended ON webhook_deliveries (ended_at) WHERE ended_at IS NOT NULL;

-- No body of an answer is kept: it belongs to the receiver.
CREATE TABLE webhook_attempts (
    delivery_id TEXT NOT NULL REFERENCES webhook_deliveries (id),
    attempt BIGINT NOT NULL,
    at BIGINT NOT NULL,
    duration_ms BIGINT NOT NULL CHECK (duration_ms >= 0),
    status BIGINT,
    failure TEXT,
    PRIMARY KEY (delivery_id, attempt),
    CHECK ((status IS NULL) <> (failure IS NULL))
);

-- What was told already: the end of a hold that was announced, and the call whose cool-off was.
ALTER TABLE holds ADD COLUMN expiring_told_for BIGINT;
ALTER TABLE owned_numbers ADD COLUMN cool_off_told_for BIGINT;
