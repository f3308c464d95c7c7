-- The operator's counts of the stock by state, place and age are read from this index alone, not from the rows.
CREATE INDEX inventory_by_place ON inventory (state, administrative_area, created_at);
