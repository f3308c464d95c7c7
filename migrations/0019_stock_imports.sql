-- Files of stock that the operator gave in the browser: checked first, then imported. The file lies in the data directory under its id.

CREATE TABLE stock_imports (
    id TEXT PRIMARY KEY,
    file_name TEXT NOT NULL,
    size_bytes BIGINT NOT NULL CHECK (size_bytes >= 0),
    state TEXT NOT NULL CHECK (state IN ('checked', 'running', 'done', 'stopped')),
    read_bytes BIGINT NOT NULL DEFAULT 0 CHECK (read_bytes >= 0),
    -- While it is only checked: what an import would do.
    inserted BIGINT NOT NULL,
    updated BIGINT NOT NULL,
    skipped BIGINT NOT NULL,
    -- JSON: lines that change nothing, each with why.
    faults TEXT NOT NULL,
    actor_name TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    ended_at BIGINT
);
CREATE INDEX stock_imports_by_age ON stock_imports (created_at);
