-- Where the object is that a stored answer made: a repeat answers with the same header.

ALTER TABLE idempotency ADD COLUMN location TEXT;
