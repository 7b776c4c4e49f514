//! The embedded migrations. refinery keeps a checksum of each, so that a changed old one is found and not run.

use refinery::{Migration, Runner};
use rusqlite::Connection;

use crate::StoreError;

const ALL: &[(&str, &str)] = &[
    ("V1__layout", include_str!("../../../migrations/local/0001-layout.sql")),
    ("V2__merge", include_str!("../../../migrations/local/0002-merge.sql")),
    ("V3__lives", include_str!("../../../migrations/local/0003-lives.sql")),
    ("V4__owner", include_str!("../../../migrations/local/0004-owner.sql")),
    ("V5__given_up", include_str!("../../../migrations/local/0005-given-up.sql")),
    ("V6__holds", include_str!("../../../migrations/local/0006-holds.sql")),
    ("V7__visits_apart", include_str!("../../../migrations/local/0007-visits-apart.sql")),
    ("V8__waitlist", include_str!("../../../migrations/local/0008-waitlist.sql")),
    ("V9__visit_types", include_str!("../../../migrations/local/0009-visit-types.sql")),
    ("V10__steps", include_str!("../../../migrations/local/0010-steps.sql")),
    ("V11__calls", include_str!("../../../migrations/local/0011-calls.sql")),
    ("V12__same_as", include_str!("../../../migrations/local/0012-same-as.sql")),
    ("V13__series", include_str!("../../../migrations/local/0013-series.sql")),
];

/// Brings `connection` up to this program's layout, each migration in its own transaction.
pub fn run(connection: &mut Connection) -> Result<(), StoreError> {
    run_some(connection, ALL)
}

fn run_some(connection: &mut Connection, some: &[(&str, &str)]) -> Result<(), StoreError> {
    let migrations = some.iter().map(|(name, sql)| Migration::unapplied(name, sql)).collect::<Result<Vec<_>, _>>();
    let migrations = migrations.map_err(|_| StoreError::NewerProgram)?;
    let report = Runner::new(&migrations).set_abort_divergent(true).set_abort_missing(true).run(connection);
    report.map(drop).map_err(|error| cause(&error))
}

fn cause(error: &refinery::Error) -> StoreError {
    use std::error::Error;
    let mut inner: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(error) = inner {
        if let Some(sqlite) = error.downcast_ref::<rusqlite::Error>() {
            return sqlite.sqlite_error().map_or(StoreError::Damaged, StoreError::from_sqlite);
        }
        inner = error.source();
    }
    StoreError::NewerProgram
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_a_newer_program_is_left_alone() {
        let mut connection = Connection::open_in_memory().unwrap();
        run(&mut connection).unwrap();
        run(&mut connection).unwrap();
        connection
            .execute(
                "INSERT INTO refinery_schema_history
                 SELECT max(version) + 1, 'later', '2027-01-01T00:00:00Z', '1' FROM refinery_schema_history",
                [],
            )
            .unwrap();
        assert!(matches!(run(&mut connection), Err(StoreError::NewerProgram)));
    }

    #[test]
    fn visits_of_an_older_file_move_apart_and_nothing_else_does() {
        let mut connection = Connection::open_in_memory().unwrap();
        run_some(&mut connection, &ALL[..6]).unwrap();
        connection
            .execute_batch(
                "INSERT INTO meta VALUES ('_pruning', '7 Appointment/a');
                 INSERT INTO resource (compartment, type, id, version, updated, unsent, epoch, dict, body)
                    VALUES (7, 'Appointment', 'a', '1', 0, 0, 0, 0, x''), (7, 'Patient', 'a', '1', 0, 0, 0, 0, x''),
                        (0, 'Appointment', 'b', '1', 0, 0, 0, 0, x'');",
            )
            .unwrap();
        run(&mut connection).unwrap();
        let sql = "SELECT group_concat(compartment || type, ' ') FROM resource ORDER BY compartment";
        let places: String = connection.query_row(sql, [], |row| row.get(0)).unwrap();
        assert_eq!(places, "-7Appointment 0Appointment 7Patient");
        let sql = "SELECT count(*) FROM meta WHERE key = '_pruning'";
        assert_eq!(connection.query_row(sql, [], |row| row.get::<_, i64>(0)), Ok(0));
    }
}
