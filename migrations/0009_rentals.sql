-- Rental that is not paid, and topping up by itself.

-- `past_due_since` is when the charge was tried and failed; `step_announced_at` when the step that the number is on was announced, and
-- `lock_announced_at` when it was said that a lock does not stop the release. All empty while the rental is paid.
ALTER TABLE owned_numbers ADD COLUMN past_due_since BIGINT;
ALTER TABLE owned_numbers ADD COLUMN step_announced_at BIGINT;
ALTER TABLE owned_numbers ADD COLUMN lock_announced_at BIGINT;
CREATE INDEX owned_rental_due ON owned_numbers (next_billing_at, id)
    WHERE billing_state = 'current' AND status IN ('available', 'assigned') AND next_billing_at IS NOT NULL;
CREATE INDEX owned_unpaid ON owned_numbers (organization_id, next_billing_at, id)
    WHERE billing_state IN ('past_due', 'suspended') AND status IN ('available', 'assigned');

-- A notice about a number in a sub-account is shown there too.
ALTER TABLE notices ADD COLUMN sub_account_id TEXT REFERENCES sub_accounts (id);

-- Both are set or neither is: below the threshold that amount is paid with the saved method.
ALTER TABLE wallet_settings ADD COLUMN reload_threshold_micros BIGINT CHECK (reload_threshold_micros IS NULL OR reload_threshold_micros > 0);
ALTER TABLE wallet_settings ADD COLUMN reload_amount_micros BIGINT
    CHECK ((reload_amount_micros IS NULL) = (reload_threshold_micros IS NULL) AND (reload_amount_micros IS NULL OR reload_amount_micros > 0));

-- What the provider may charge while nobody is there: its own names for customer and method, never the number of a card.
CREATE TABLE payment_methods (
    organization_id TEXT PRIMARY KEY REFERENCES organizations (id),
    provider TEXT NOT NULL,
    customer_reference TEXT NOT NULL,
    method_reference TEXT NOT NULL,
    updated_at BIGINT NOT NULL
);

ALTER TABLE payments ADD COLUMN automatic BIGINT NOT NULL DEFAULT 0 CHECK (automatic IN (0, 1));
CREATE INDEX payments_automatic ON payments (organization_id, created_at) WHERE automatic = 1;
