-- Visits lie apart from the charts, under the number of their patient with the sign changed: one that is booked would
-- break up the full pages of the chart.
UPDATE resource SET compartment = -compartment WHERE type = 'Appointment';

-- How far pruning had looked through the file, as the file was sorted before.
DELETE FROM meta WHERE key = '_pruning';
