-- Who exists: organizations, their sub-accounts, people, sessions, one-time links, keys, agents and routes.
-- Portable SQL: TEXT and BIGINT only; times are microseconds since the epoch; flags are 0 or 1.

CREATE TABLE installation (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    demo BIGINT NOT NULL CHECK (demo IN (0, 1)),
    currency TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE organizations (
    id TEXT PRIMARY KEY,
    auth_id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 80),
    closed_at BIGINT,
    ever_topped_up BIGINT NOT NULL DEFAULT 0 CHECK (ever_topped_up IN (0, 1)),
    budget_micros BIGINT CHECK (budget_micros IS NULL OR budget_micros >= 0),
    created_at BIGINT NOT NULL
);

CREATE TABLE sub_accounts (
    id TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    auth_id TEXT NOT NULL UNIQUE,
    public_number BIGINT NOT NULL UNIQUE,
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 80),
    disabled BIGINT NOT NULL DEFAULT 0 CHECK (disabled IN (0, 1)),
    budget_micros BIGINT CHECK (budget_micros IS NULL OR budget_micros >= 0),
    deleted_at BIGINT,
    created_at BIGINT NOT NULL,
    UNIQUE (organization_id, id)
);
CREATE UNIQUE INDEX sub_accounts_name ON sub_accounts (organization_id, name) WHERE deleted_at IS NULL;

CREATE TABLE users (
    id TEXT PRIMARY KEY,
    email TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 80),
    password_hash TEXT,
    platform_admin BIGINT NOT NULL DEFAULT 0 CHECK (platform_admin IN (0, 1)),
    created_at BIGINT NOT NULL
);

CREATE TABLE memberships (
    user_id TEXT NOT NULL REFERENCES users (id),
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    role TEXT NOT NULL CHECK (role IN ('owner', 'admin', 'member', 'viewer')),
    sub_account_id TEXT REFERENCES sub_accounts (id),
    created_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, organization_id)
);
CREATE INDEX memberships_by_organization ON memberships (organization_id);

-- id_hash is the SHA-256 of the cookie's 256 random bits: who reads the database cannot sign in with it.
CREATE TABLE sessions (
    id_hash TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id),
    organization_id TEXT REFERENCES organizations (id),
    created_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX sessions_by_user ON sessions (user_id);

CREATE TABLE sign_in_attempts (
    id TEXT PRIMARY KEY,
    subject TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX sign_in_attempts_by_subject ON sign_in_attempts (subject, at);

-- Invitations and password resets. Only the hash of the link's secret is kept; used_at makes it one-time.
CREATE TABLE one_time_links (
    token_hash TEXT PRIMARY KEY,
    purpose TEXT NOT NULL CHECK (purpose IN ('invitation', 'reset')),
    email TEXT NOT NULL,
    organization_id TEXT REFERENCES organizations (id),
    role TEXT CHECK (role IS NULL OR role IN ('owner', 'admin', 'member', 'viewer')),
    created_by TEXT REFERENCES users (id),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);

-- Keys serve all REST dialects. organization_id is empty for platform keys only.
CREATE TABLE api_keys (
    id TEXT PRIMARY KEY,
    organization_id TEXT REFERENCES organizations (id),
    sub_account_id TEXT REFERENCES sub_accounts (id),
    name TEXT NOT NULL,
    secret_hash TEXT NOT NULL UNIQUE,
    scopes TEXT NOT NULL,
    created_by TEXT REFERENCES users (id),
    created_at BIGINT NOT NULL,
    last_used_at BIGINT,
    expires_at BIGINT,
    revoked_at BIGINT
);
CREATE INDEX api_keys_by_organization ON api_keys (organization_id, created_at);

CREATE TABLE agents (
    id TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    sub_account_id TEXT REFERENCES sub_accounts (id),
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 80),
    kind TEXT NOT NULL CHECK (kind IN ('ai_voice', 'call_centre', 'person')),
    draft_destination TEXT NOT NULL,
    published_version BIGINT,
    deleted_at BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX agents_by_organization ON agents (organization_id, name, id);

CREATE TABLE agent_versions (
    agent_id TEXT NOT NULL REFERENCES agents (id),
    version BIGINT NOT NULL CHECK (version > 0),
    destination TEXT NOT NULL,
    published_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (agent_id, version)
);

CREATE TABLE routes (
    id TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    sub_account_id TEXT REFERENCES sub_accounts (id),
    public_number BIGINT NOT NULL UNIQUE CHECK (public_number >= 10001),
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 80),
    kind TEXT NOT NULL CHECK (kind IN ('host', 'number', 'uri', 'sip-reg')),
    destination TEXT NOT NULL,
    deleted_at BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX routes_by_organization ON routes (organization_id, name, id);
