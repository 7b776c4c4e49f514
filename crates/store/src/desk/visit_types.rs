//! The practice's types of visit.

use practice::{
    resource::{ResourceKey, ResourceType},
    views::{HealthcareServiceView, VisitType},
};

use crate::{Store, StoreError, compartment, packed_id::PackedId};

impl Store {
    /// The practice's types of visit by name, each with where it is written: they are no patient data. Of two with one
    /// code the first counts.
    ///
    /// # Errors
    /// As every statement; [`StoreError::Damaged`] when a text can't be read.
    pub fn visit_types(&self) -> Result<Vec<(ResourceKey, VisitType)>, StoreError> {
        self.read_only(|reader| {
            let sql =
                "SELECT id, dict, body FROM resource WHERE compartment = ?1 AND type = 'HealthcareService' ORDER BY id";
            let mut statement = reader.prepare_cached(sql)?;
            let mut rows = statement.query([compartment::NONE])?;
            let (mut unpacker, mut types) = (self.codec.unpacker(), Vec::<(ResourceKey, VisitType)>::new());
            while let Some(row) = rows.next()? {
                let bytes = row.get_ref("body")?.as_blob().map_err(|_| StoreError::Damaged)?;
                let text = unpacker.unpack(row.get("dict")?, bytes)?;
                let Some(found) = HealthcareServiceView::read(&text).visit_type() else { continue };
                if types.iter().all(|(_, known)| known.code != found.code) {
                    let id = PackedId::read(row, "id", |id| Some(id.to_owned()))?;
                    types.push((ResourceKey::new(ResourceType::HEALTHCARE_SERVICE, &id), found));
                }
            }
            types.sort_by(|(_, a), (_, b)| a.name.cmp(&b.name).then_with(|| a.code.cmp(&b.code)));
            Ok(types)
        })
    }
}
