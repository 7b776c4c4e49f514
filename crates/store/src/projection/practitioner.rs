//! Practitioners by id.

use practice::{resource::ResourceKey, views::PractitionerView};
use rusqlite::{Connection, params};

use crate::StoreError;

pub struct Derived {
    name: String,
    family: String,
    active: bool,
}

impl Derived {
    pub(super) fn read(text: &str) -> Self {
        let view = PractitionerView::read(text);
        let name = view.display_name().unwrap_or_else(|| "Not named".to_owned());
        Self { family: view.family().unwrap_or(&name).to_owned(), name, active: view.active != Some(false) }
    }

    pub(super) fn add(&self, connection: &Connection, key: &ResourceKey) -> Result<(), StoreError> {
        let mut statement =
            connection.prepare_cached("INSERT INTO practitioner (id, name, family, active) VALUES (?1, ?2, ?3, ?4)")?;
        statement.execute(params![key.id.as_str(), self.name, self.family, self.active])?;
        Ok(())
    }
}

pub(super) fn forget(connection: &Connection, key: &ResourceKey, _: i64, _: &str) -> Result<(), StoreError> {
    connection.prepare_cached("DELETE FROM practitioner WHERE id = ?1")?.execute([key.id.as_str()])?;
    Ok(())
}
