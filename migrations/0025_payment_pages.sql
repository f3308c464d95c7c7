-- Payments on a page of the provider's, and asking the provider about those that it has not told the end of.

-- Where a pending payment is paid in a browser.
ALTER TABLE payments ADD COLUMN page_url TEXT;
-- When the provider was last asked how it stands.
ALTER TABLE payments ADD COLUMN asked_at BIGINT;
CREATE INDEX payments_pending ON payments (provider, created_at) WHERE status = 'pending';
