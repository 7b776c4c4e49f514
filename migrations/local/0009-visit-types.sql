-- The practice's short code for the type of a visit.
ALTER TABLE appointment ADD COLUMN kind TEXT;
