//! FHIR R4's REST (<https://hl7.org/fhir/R4/http.html>) over one practice's store.

mod bundle;
mod feed;
mod metadata;
mod pages;
mod params;
mod read;
mod search;
mod transaction;

use axum::http::{HeaderMap, Uri, header};
use practice::{
    Code,
    ids::ResourceId,
    resource::{ResourceKey, ResourceType},
};

pub(super) use feed::{feed, write_cursor};
pub(super) use metadata::metadata;
pub(super) use pages::keep_full_pages;
pub(super) use read::{history, read, read_version};
pub(super) use search::search;
pub(crate) use transaction::read_change;
pub(super) use transaction::transaction;

use super::failure::Failure;

/// Reads the search for `kind` that a query asks for; how many conditions it has.
pub(crate) fn read_search(kind: &str, query: &str) -> Result<usize, Failure> {
    let kind = kind_of(kind)?;
    let pairs = search::pairs(query)?;
    Ok(params::read(kind, &pairs, &jiff::tz::TimeZone::UTC)?.criteria.len())
}

#[cfg(test)]
pub(super) use tested::{known_params, read_cursor, read_pairs};

/// The type called `kind`; what is no R4 type does not exist here.
fn kind_of(kind: &str) -> Result<ResourceType, Failure> {
    ResourceType::parse(kind).ok_or_else(|| Failure::new(Code::NotFound, "FHIR R4 has no such resource type."))
}

fn key_of(kind: &str, id: &str) -> Result<ResourceKey, Failure> {
    Ok(ResourceKey { kind: kind_of(kind)?, id: ResourceId::parse(id).ok_or_else(not_here)? })
}

/// The same for what never was, what another practice has, and what can't be.
fn not_here() -> Failure {
    Failure::new(Code::NotFound, "There is no such record.")
}

/// This host's FHIR address as the client wrote it, for full URLs.
pub(super) fn base(uri: &Uri, headers: &HeaderMap) -> String {
    let host = uri
        .authority()
        .map(axum::http::uri::Authority::as_str)
        .or_else(|| headers.get(header::HOST)?.to_str().ok())
        // It goes into JSON as it is.
        .filter(|host| host.bytes().all(|b| b.is_ascii_alphanumeric() || b"-.:[]".contains(&b)))
        .unwrap_or("localhost");
    format!("https://{host}/fhir")
}

/// What the tests of all readers ask.
#[cfg(test)]
mod tested {
    use jiff::tz::TimeZone;
    use practice::{Refusal, resource::ResourceType};

    use super::{Failure, feed, params};

    pub fn known_params(kind: ResourceType) -> Vec<&'static str> {
        params::known(kind).into_iter().map(|(name, _)| name).collect()
    }

    pub fn read_pairs(kind: ResourceType, pairs: &[(String, String)], zone: &TimeZone) -> Result<(), Refusal> {
        params::read(kind, pairs, zone).map(drop).map_err(Failure::refusal)
    }

    pub fn read_cursor(cursor: &str, epoch: &str) -> Result<i64, Refusal> {
        feed::read_cursor(cursor, epoch).map_err(Failure::refusal)
    }
}
