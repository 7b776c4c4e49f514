-- How a visit repeats, in words, where it is of a series.
ALTER TABLE appointment ADD COLUMN repeats TEXT;
