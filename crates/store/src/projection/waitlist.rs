//! Who would come sooner. Most of them have no time yet, so no list by time has them.

use practice::{resource::ResourceKey, text::string, views::AppointmentStatus};
use rusqlite::{Connection, params};

use crate::{StoreError, packed_id::PackedId};

/// Whether this Appointment is on the waitlist.
pub(super) fn waits(text: &str) -> bool {
    string(text, "/status").is_some_and(|status| status == AppointmentStatus::Waitlist.as_str())
}

pub(super) fn add(connection: &Connection, key: &ResourceKey, compartment: i64) -> Result<(), StoreError> {
    let sql = "INSERT OR REPLACE INTO waitlist (id, compartment) VALUES (?1, ?2)";
    connection.prepare_cached(sql)?.execute(params![PackedId::of(key.id.as_str()), compartment])?;
    Ok(())
}

pub(super) fn forget(connection: &Connection, key: &ResourceKey, text: &str) -> Result<(), StoreError> {
    if waits(text) {
        let mut statement = connection.prepare_cached("DELETE FROM waitlist WHERE id = ?1")?;
        statement.execute([PackedId::of(key.id.as_str())])?;
    }
    Ok(())
}
