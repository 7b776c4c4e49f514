//! From an identifier to the one resource that carries it: conditional references need this.

use practice::{
    ids::ResourceId,
    resource::{ResourceKey, ResourceType},
};

use super::{PracticeStore, StoreError};

impl PracticeStore {
    /// The resource of this type that carries `token` (`system|value`, or a bare value). None when there is none or
    /// more than one, since a reference has to mean one thing
    /// (<https://hl7.org/fhir/R4/http.html#trules>).
    pub fn resolve_identifier(&self, kind: ResourceType, token: &str) -> Result<Option<ResourceKey>, StoreError> {
        let mut query = self.db.prepare_cached(
            "select r.id from term t join resource r on r.n = t.resource
             where t.kind = ? and t.param = 'identifier' and t.value = ? limit 2",
        )?;
        let mut rows = query.query([kind.as_str(), token])?;
        let Some(row) = rows.next()? else { return Ok(None) };
        let id = ResourceId::parse(row.get_ref("id")?.as_str().map_err(|_| StoreError::Damaged("an id"))?)
            .ok_or(StoreError::Damaged("an id"))?;
        Ok(if rows.next()?.is_some() { None } else { Some(ResourceKey { kind, id }) })
    }
}
