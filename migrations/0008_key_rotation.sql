-- A key that was given a new secret: its old one is accepted until `old_secret_until`, and never longer than a day.

ALTER TABLE api_keys ADD COLUMN old_secret_hash TEXT;
ALTER TABLE api_keys ADD COLUMN old_secret_until BIGINT;
CREATE UNIQUE INDEX api_keys_by_old_secret ON api_keys (old_secret_hash) WHERE old_secret_hash IS NOT NULL;
