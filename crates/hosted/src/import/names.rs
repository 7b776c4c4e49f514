//! What the first reading learns: which resource a `urn:` stands for, and who carries which identifier.
//!
//! Kept small, 16 bytes and a word or two a name, because an import may hold a million of them.

use std::{borrow::Cow, collections::HashMap};

use practice::{
    ids::ResourceId,
    resource::{ResourceKey, ResourceType},
};
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::entry::Candidate;

/// A short name for a long text: two texts never share one (SHA-256, cut to 128 bits).
pub fn short(parts: &[&str]) -> u128 {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    let full = hash.finalize();
    full.iter().take(16).fold(0, |number, byte| (number << 8) | u128::from(*byte))
}

#[derive(Deserialize)]
struct Identifier<'a> {
    #[serde(borrow)]
    system: Option<Cow<'a, str>>,
    #[serde(borrow)]
    value: Option<Cow<'a, str>>,
}

/// What one entry is called.
pub struct Noted {
    urn: Option<u128>,
    key: ResourceKey,
    identifiers: Vec<u128>,
}

impl Noted {
    /// The names of `candidate`.
    pub fn of(candidate: &Candidate<'_>) -> Self {
        let kind = candidate.key.kind;
        let urn = candidate.urn.as_deref().map(|urn| short(&[&urn.to_ascii_lowercase()]));
        let listed: Vec<Identifier<'_>> =
            candidate.identifiers.and_then(|raw| serde_json::from_str(raw).ok()).unwrap_or_default();
        let identifiers = listed
            .iter()
            .filter_map(|identifier| {
                let system = identifier.system.as_deref().unwrap_or_default();
                Some(short(&[kind.as_str(), system, identifier.value.as_deref()?]))
            })
            .collect();
        Self { urn, key: candidate.key.clone(), identifiers }
    }
}

/// Every name of an import.
#[derive(Default)]
pub struct Names {
    /// By urn; `None` where Bundles use one urn for different resources.
    urns: HashMap<u128, Option<Target>>,
    /// Those, by Bundle.
    within: HashMap<(u32, u128), Target>,
    /// By identifier; `None` where more than one resource carries it.
    identifiers: HashMap<u128, Option<Target>>,
}

#[derive(Clone, PartialEq, Eq)]
struct Target {
    kind: ResourceType,
    id: Box<str>,
    bundle: u32,
}

impl Target {
    fn is(&self, key: &ResourceKey) -> bool {
        self.kind == key.kind && *self.id == *key.id.as_str()
    }

    fn key(&self) -> Option<ResourceKey> {
        ResourceId::parse(&self.id).map(|id| ResourceKey { kind: self.kind, id })
    }
}

impl Names {
    /// Learns the names of Bundle number `bundle`.
    pub fn learn(&mut self, bundle: u32, noted: Noted) {
        let target = Target { kind: noted.key.kind, id: noted.key.id.as_str().into(), bundle };
        if let Some(urn) = noted.urn {
            match self.urns.get_mut(&urn) {
                None => {
                    self.urns.insert(urn, Some(target.clone()));
                }
                Some(Some(first)) if first.is(&noted.key) => {}
                Some(other) => {
                    if let Some(first) = other.take() {
                        self.within.entry((first.bundle, urn)).or_insert(first);
                    }
                    self.within.entry((bundle, urn)).or_insert_with(|| target.clone());
                }
            }
        }
        for identifier in noted.identifiers {
            let held = self.identifiers.entry(identifier).or_insert_with(|| Some(target.clone()));
            if held.as_ref().is_some_and(|held| !held.is(&noted.key)) {
                *held = None;
            }
        }
    }

    /// What `urn` stands for in Bundle number `bundle`.
    pub fn urn(&self, bundle: u32, urn: &str) -> Option<ResourceKey> {
        let urn = short(&[&urn.to_ascii_lowercase()]);
        match self.urns.get(&urn)? {
            Some(target) => target.key(),
            None => self.within.get(&(bundle, urn))?.key(),
        }
    }

    /// Who carries an identifier.
    pub fn identifier(&self, kind: ResourceType, system: &str, value: &str) -> Carried {
        match self.identifiers.get(&short(&[kind.as_str(), system, value])) {
            None => Carried::ByNone,
            Some(None) => Carried::BySeveral,
            Some(Some(target)) => target.key().map_or(Carried::ByNone, Carried::By),
        }
    }
}

/// Who carries an identifier.
#[derive(Debug, PartialEq, Eq)]
pub enum Carried {
    ByNone,
    By(ResourceKey),
    BySeveral,
}

/// Which resources have come, to notice a second of the same name.
#[derive(Default)]
pub struct Came {
    content: HashMap<u128, u128>,
}

/// Whether a resource is new to this import.
#[derive(Debug, PartialEq, Eq)]
pub enum Coming {
    New,
    Again,
    OtherContent,
}

impl Came {
    /// Notes that `key` comes with `text`.
    pub fn note(&mut self, key: &ResourceKey, text: &str) -> Coming {
        let content = short(&[text]);
        match self.content.get(&short(&[key.kind.as_str(), key.id.as_str()])) {
            None => {
                self.content.insert(short(&[key.kind.as_str(), key.id.as_str()]), content);
                Coming::New
            }
            Some(before) if *before == content => Coming::Again,
            Some(_) => Coming::OtherContent,
        }
    }
}
