-- What Flowroute's clients know of numbers and routes, and nobody else does.

-- Whether the caller's name is looked up for incoming calls (R45).
ALTER TABLE owned_numbers ADD COLUMN cnam_lookups_enabled BIGINT NOT NULL DEFAULT 0 CHECK (cnam_lookups_enabled IN (0, 1));
-- The edge that calls of this route enter by; none: the client named none.
ALTER TABLE routes ADD COLUMN edge_strategy_id BIGINT;
