-- projection of Appointment: who would come sooner.
CREATE TABLE waitlist (
    id          ANY NOT NULL PRIMARY KEY,
    compartment INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
