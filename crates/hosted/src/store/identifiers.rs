//! From an identifier to the one resource that carries it: conditional references need this.

use practice::{
    ids::ResourceId,
    resource::{ResourceKey, ResourceType},
};

use super::{PracticeStore, StoreError, db::values};

impl PracticeStore {
    /// The resource of this type that carries `token` (`system|value`, or a bare value). None when there is none or
    /// more than one, since a reference has to mean one thing
    /// (<https://hl7.org/fhir/R4/http.html#trules>).
    pub fn resolve_identifier(&self, kind: ResourceType, token: &str) -> Result<Option<ResourceKey>, StoreError> {
        let ids = self.db.all(
            "select r.id from term t join resource r on r.n = t.resource
             where t.kind = ? and t.param = 'identifier' and t.value = ? limit 2",
            values![kind.as_str(), token],
            |row| ResourceId::parse(row.get("id")?).ok_or(StoreError::Damaged("an id")),
        )?;
        Ok(<[ResourceId; 1]>::try_from(ids).ok().map(|[id]| ResourceKey { kind, id }))
    }
}
