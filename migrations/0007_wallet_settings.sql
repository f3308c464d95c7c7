-- When an organization wants to be told that its wallet runs low. `low` is 1 from the moment it was told until the wallet has recovered.

CREATE TABLE wallet_settings (
    organization_id TEXT PRIMARY KEY REFERENCES organizations (id),
    low_balance_micros BIGINT CHECK (low_balance_micros IS NULL OR low_balance_micros > 0),
    low BIGINT NOT NULL DEFAULT 0 CHECK (low IN (0, 1)),
    updated_at BIGINT NOT NULL
);
