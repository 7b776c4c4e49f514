//! What a search asks for by name: whether it found what is not here is a question for the audit trail.

use practice::resource::{ResourceKey, ResourceType};

use super::{ACTOR, Criterion, Search};

impl Search {
    /// The records that it names.
    pub fn named(&self) -> Vec<ResourceKey> {
        let of = |kind: ResourceType, ids: &[String]| -> Vec<ResourceKey> {
            ids.iter().filter_map(|id| ResourceKey::parse(&format!("{kind}/{id}"))).collect()
        };
        let named = |criterion: &Criterion| match criterion {
            Criterion::Id(ids) => of(self.kind, ids),
            Criterion::Patient(ids) => of(ResourceType::PATIENT, ids),
            Criterion::Term(ACTOR, all) => all.iter().filter_map(|key| ResourceKey::parse(key)).collect(),
            Criterion::Term(..)
            | Criterion::TermPrefix(..)
            | Criterion::TermRange(..)
            | Criterion::Status(_)
            | Criterion::Date(..)
            | Criterion::Updated(..) => Vec::new(),
        };
        self.criteria.iter().flat_map(named).collect()
    }

    /// Whether it asks for a person or a thing by what is known of them: a name, a number, a date of birth.
    pub fn is_for_somebody(&self) -> bool {
        self.criteria.iter().any(|criterion| match criterion {
            Criterion::Term(param, _) => *param != ACTOR,
            Criterion::TermPrefix(..) | Criterion::TermRange(..) => true,
            Criterion::Id(_)
            | Criterion::Patient(_)
            | Criterion::Status(_)
            | Criterion::Date(..)
            | Criterion::Updated(..) => false,
        })
    }
}
