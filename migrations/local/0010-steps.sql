-- Whether the patient has confirmed, and whether they have left.
ALTER TABLE appointment ADD COLUMN confirmed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE appointment ADD COLUMN gone INTEGER NOT NULL DEFAULT 0;
