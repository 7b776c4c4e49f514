//! Practitioners by id.

use practice::{resource::ResourceKey, views::PractitionerView};
use rusqlite::{Connection, params};

use crate::StoreError;

pub(super) fn add(connection: &Connection, key: &ResourceKey, text: &str) -> Result<(), StoreError> {
    let view = PractitionerView::read(text);
    let name = view.display_name().unwrap_or_else(|| "Not named".to_owned());
    let family = view.family().unwrap_or(&name);
    let mut statement =
        connection.prepare_cached("INSERT INTO practitioner (id, name, family, active) VALUES (?1, ?2, ?3, ?4)")?;
    statement.execute(params![key.id.as_str(), name, family, view.active != Some(false)])?;
    Ok(())
}

pub(super) fn forget(connection: &Connection, key: &ResourceKey, _: i64, _: &str) -> Result<(), StoreError> {
    connection.prepare_cached("DELETE FROM practitioner WHERE id = ?1")?.execute([key.id.as_str()])?;
    Ok(())
}
