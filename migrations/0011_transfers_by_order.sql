-- Each transfer is compared with what its order has taken already; without this that would read all transfers each time.
CREATE INDEX transfers_by_order ON transfers (order_id) WHERE order_id IS NOT NULL;
