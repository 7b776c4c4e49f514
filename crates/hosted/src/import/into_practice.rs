//! Imported resources go into a practice's store.

use practice::{
    resource::{ResourceKey, ResourceType},
    text,
    time::Stamp,
};

use super::{Sink, SinkError};
use crate::store::{NewResource, PracticeStore, StoreError};

/// What charts of separate files have in common, and the parts of a chart that others refer to most.
const SHARED: [&str; 8] =
    ["Patient", "Practitioner", "PractitionerRole", "Organization", "Location", "Encounter", "Condition", "Medication"];

/// Takes an import into one practice.
pub struct IntoPractice<'a> {
    store: &'a mut PracticeStore,
    at: Stamp,
}

impl<'a> IntoPractice<'a> {
    /// Into `store`, as of `at`.
    pub fn new(store: &'a mut PracticeStore, at: Stamp) -> Self {
        Self { store, at }
    }

    /// Whether the store holds `new` already, apart from the stamps that are its own. Importing a file again is then
    /// no new version of everything in it.
    fn holds(&self, new: &NewResource) -> Result<bool, StoreError> {
        let Some(stored) = self.store.read(&new.key)? else { return Ok(false) };
        Ok(text::stamp_meta(&new.text, &stored.version.to_string(), &stored.updated.to_string())? == stored.text)
    }

    fn take(&mut self, batch: &[NewResource]) -> Result<(), StoreError> {
        let mut changed = Vec::with_capacity(batch.len());
        for new in batch {
            if !self.holds(new)? {
                changed.push(NewResource { key: new.key.clone(), text: new.text.clone() });
            }
        }
        self.store.accept(&changed, self.at).map(|_| ())
    }
}

impl Sink for IntoPractice<'_> {
    type Error = StoreError;

    fn accept(&mut self, batch: &[NewResource]) -> Result<(), SinkError<StoreError>> {
        self.take(batch).map_err(|error| match error {
            StoreError::Refused(refusal) => SinkError::Refused(refusal.say),
            StoreError::Text(_) => SinkError::Refused("The resource can't be stored: its meta is not of FHIR's shape."),
            other => SinkError::Failed(other),
        })
    }

    fn holder(&mut self, uuid: &str) -> Result<Option<ResourceKey>, StoreError> {
        let mut found = None;
        for kind in SHARED.into_iter().filter_map(ResourceType::parse) {
            let key = ResourceKey::new(kind, uuid);
            if self.store.read(&key)?.is_some() && found.replace(key).is_some() {
                return Ok(None);
            }
        }
        Ok(found)
    }

    fn carrier(&mut self, kind: ResourceType, token: &str) -> Result<Option<ResourceKey>, StoreError> {
        self.store.resolve_identifier(kind, token)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{import, store::tests as office};

    #[test]
    fn a_file_that_is_imported_again_makes_no_new_version_and_a_changed_one_does() {
        let mut office = office::office();
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("a.ndjson");
        for (second, active, version) in [(1, "true", 1), (2, "true", 1), (3, "false", 2)] {
            let lines = format!(
                "{{\"resourceType\":\"Patient\",\"id\":\"p\",\"active\":{active},\"meta\":{{\"versionId\":\"77\"}}}}\n\
                 {{\"resourceType\":\"Patient\",\"id\":\"q\",\"meta\":\"absurd\"}}\n"
            );
            std::fs::write(&file, lines).unwrap();
            let mut sink = IntoPractice::new(&mut office.store, office::at(second));
            let report = import::run(std::slice::from_ref(&file), &mut sink).unwrap();
            assert_eq!((report.accepted, report.rejected.len()), (1, 1), "{report:?}");
            assert_eq!(report.rejected[0].entry, Some(1));
            let stored = office.store.read(&ResourceKey::parse("Patient/p").unwrap()).unwrap().unwrap();
            assert_eq!(stored.version, version, "at second {second}");
        }
    }

    #[test]
    fn a_urn_may_stand_for_one_who_came_before() {
        let mut office = office::office();
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("a.ndjson");
        let uuid = "0c63fb2c-e9ef-4e6a-bb8c-dc84f00a2f3c";
        let encounter = |id: &str| {
            format!(r#"{{"resourceType":"Encounter","id":"{id}","serviceProvider":{{"reference":"urn:uuid:{uuid}"}}}}"#)
        };
        for (line, accepted) in [
            (encounter("early"), 0),
            (format!(r#"{{"resourceType":"Organization","id":"{uuid}"}}"#), 1),
            (encounter("late"), 1),
            (format!(r#"{{"resourceType":"Location","id":"{uuid}"}}"#), 1),
            (encounter("unclear"), 0),
        ] {
            std::fs::write(&file, line).unwrap();
            let mut sink = IntoPractice::new(&mut office.store, office::at(1));
            assert_eq!(import::run(std::slice::from_ref(&file), &mut sink).unwrap().accepted, accepted);
        }
        let stored = office.store.read(&ResourceKey::parse("Encounter/late").unwrap()).unwrap().unwrap();
        assert!(stored.text.contains(&format!("Organization/{uuid}")), "{}", stored.text);
    }

    #[test]
    fn an_identifier_may_be_carried_by_one_who_came_before() {
        let mut office = office::office();
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("a.ndjson");
        for line in [
            r#"{"resourceType":"Practitioner","id":"d","identifier":[{"system":"http://npi","value":"1"}]}"#,
            r#"{"resourceType":"Encounter","id":"e","participant":[{"individual":{"reference":"Practitioner?identifier=http://npi|1"}}]}"#,
        ] {
            std::fs::write(&file, line).unwrap();
            let mut sink = IntoPractice::new(&mut office.store, office::at(1));
            assert_eq!(import::run(std::slice::from_ref(&file), &mut sink).unwrap().accepted, 1);
        }
        let stored = office.store.read(&ResourceKey::parse("Encounter/e").unwrap()).unwrap().unwrap();
        assert!(stored.text.contains(r#""reference":"Practitioner/d""#), "{}", stored.text);
    }
}
