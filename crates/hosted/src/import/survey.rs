//! The first reading: which resource each `urn:` stands for, who carries which identifier, and which of the outermost
//! objects are Bundles. It refuses nothing; whatever is wrong is named in the second reading.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
};

use super::{
    Limits,
    carve::{Carver, Cut, Head},
    entry::{self, Candidate},
    files,
    names::{Names, Noted},
    place::Place,
    reason::Reason,
    version,
};

/// What an outermost object is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Role {
    /// A Bundle whose entries are to be imported; its number in this import.
    Bundle(u32),
    /// A resource.
    Resource,
    /// Neither.
    Refused(Reason),
}

/// What the first reading found.
#[derive(Default)]
pub struct Survey {
    /// Every name.
    pub names: Names,
    /// By file and position of the object in it; resources, of which there may be millions, are left out.
    roles: HashMap<(usize, u64), Role>,
    bundles: u32,
}

impl Survey {
    /// What object number `nth` of file number `file` is.
    pub fn role(&self, file: usize, nth: u64) -> Role {
        self.roles.get(&(file, nth)).cloned().unwrap_or(Role::Resource)
    }

    fn file(&mut self, limits: Limits, file: usize, path: &Path) {
        let Ok(from) = files::open(path, limits.expanded) else { return };
        let mut place = Place::default();
        let mut found: Vec<Noted> = Vec::new();
        for cut in Carver::new(from, files::is_lines(path)) {
            let index = place.index();
            match cut {
                Cut::Entry(bytes) => {
                    note(bytes.as_deref().ok().map(|bytes| entry::bundled(bytes, index)), &mut found);
                    place.entry();
                }
                Cut::Whole(head, bytes) => {
                    let role = self.role_of(&head);
                    if role == Role::Resource {
                        found.clear();
                        note(bytes.as_deref().ok().map(|bytes| entry::bare(bytes, place.start())), &mut found);
                    }
                    self.settle((file, place.nth()), &role, &mut found);
                    place.whole(&role);
                }
                Cut::Fault { inside, .. } => {
                    let role = inside.map_or(Role::Resource, |head| self.role_of(&head));
                    if role == Role::Resource {
                        found.clear();
                    }
                    self.settle((file, place.nth()), &role, &mut found);
                    place.fault(&role);
                }
            }
        }
    }

    fn role_of(&mut self, head: &Head) -> Role {
        if head.resource_type.as_deref() != Some("Bundle") {
            return Role::Resource;
        }
        if let Some(version) = head.fhir_version.as_deref().and_then(version::named) {
            return Role::Refused(Reason::OtherVersion(version));
        }
        match head.bundle_type.as_deref() {
            Some("transaction" | "batch" | "collection" | "searchset") => {
                self.bundles += 1;
                Role::Bundle(self.bundles)
            }
            _ => Role::Refused(Reason::BundleType),
        }
    }

    fn settle(&mut self, at: (usize, u64), role: &Role, found: &mut Vec<Noted>) {
        let bundle = match role {
            Role::Bundle(number) => Some(*number),
            Role::Resource => Some(0),
            Role::Refused(_) => None,
        };
        for noted in found.drain(..) {
            if let Some(bundle) = bundle {
                self.names.learn(bundle, noted);
            }
        }
        if *role != Role::Resource {
            self.roles.insert(at, role.clone());
        }
    }
}

fn note(candidate: Option<Result<Candidate<'_>, Reason>>, found: &mut Vec<Noted>) {
    if let Some(Ok(candidate)) = candidate {
        found.push(Noted::of(&candidate));
    }
}

/// Reads `files` for the first time.
pub fn survey(limits: Limits, files: &[(PathBuf, Result<(), Reason>)]) -> Survey {
    let mut survey = Survey::default();
    for (number, (path, listed)) in files.iter().enumerate() {
        if listed.is_ok() {
            survey.file(limits, number, path);
        }
    }
    survey
}
