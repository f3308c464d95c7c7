-- Searches that a person keeps under a name. `asked` is the search as the page wrote it (JSON); nothing is decided by it.

CREATE TABLE saved_searches (
    id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id),
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 80),
    asked TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (user_id, asked)
);
CREATE INDEX saved_searches_by_user ON saved_searches (user_id, created_at, id);
