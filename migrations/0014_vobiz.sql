-- What clients of the Vobiz dialect know of accounts: a number for each organization, and what is kept about the customer behind a
-- sub-account. Nothing is decided by the latter.

ALTER TABLE organizations ADD COLUMN public_number BIGINT;
UPDATE organizations SET public_number = 10001 + (SELECT COUNT(*) FROM organizations AS earlier WHERE earlier.id < organizations.id);
CREATE UNIQUE INDEX organizations_by_public_number ON organizations (public_number);

ALTER TABLE sub_accounts ADD COLUMN email TEXT;
ALTER TABLE sub_accounts ADD COLUMN phone TEXT;
ALTER TABLE sub_accounts ADD COLUMN description TEXT;
ALTER TABLE sub_accounts ADD COLUMN permissions TEXT;
ALTER TABLE sub_accounts ADD COLUMN rate_limit BIGINT NOT NULL DEFAULT 1000 CHECK (rate_limit > 0);
ALTER TABLE sub_accounts ADD COLUMN updated_at BIGINT;
UPDATE sub_accounts SET updated_at = created_at;
