//! Bringing a practice's file to the present schema, one numbered step after another.

use rusqlite::Connection;

use super::StoreError;

/// Every step, in order. A released step is never edited: a change is a new one.
const STEPS: &[&str] = &[
    include_str!("../../../../migrations/hosted/sqlite/0001-practice.sql"),
    include_str!("../../../../migrations/hosted/sqlite/0002-wipe.sql"),
    include_str!("../../../../migrations/hosted/sqlite/0003-lives.sql"),
    include_str!("../../../../migrations/hosted/sqlite/0004-pages.sql"),
    include_str!("../../../../migrations/hosted/sqlite/0005-accounts.sql"),
    include_str!("../../../../migrations/hosted/sqlite/0006-tokens.sql"),
    include_str!("../../../../migrations/hosted/sqlite/0007-backups.sql"),
    include_str!("../../../../migrations/hosted/sqlite/0008-deletion.sql"),
    include_str!("../../../../migrations/hosted/sqlite/0009-contact.sql"),
    include_str!("../../../../migrations/hosted/sqlite/0010-copied.sql"),
    include_str!("../../../../migrations/hosted/sqlite/0011-kept.sql"),
];

/// Applies the steps that `db` lacks, each in its own transaction with the number that says so.
pub(super) fn migrate(db: &mut Connection) -> Result<(), StoreError> {
    let done: u32 = db.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if done as usize > STEPS.len() {
        return Err(StoreError::TooNew);
    }
    for (number, step) in (1u32..).zip(STEPS).skip(done as usize) {
        let step_done = db.transaction()?;
        step_done.execute_batch(step)?;
        step_done.pragma_update(None, "user_version", number)?;
        step_done.commit()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn migrating_twice_is_migrating_once_and_a_later_file_is_refused() {
        let mut db = Connection::open_in_memory().unwrap();
        migrate(&mut db).unwrap();
        migrate(&mut db).unwrap();
        db.pragma_update(None, "user_version", 1000).unwrap();
        assert!(matches!(migrate(&mut db), Err(StoreError::TooNew)));
    }
}
