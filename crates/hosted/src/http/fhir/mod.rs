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
