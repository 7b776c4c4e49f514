//! From the bytes of a Bundle entry or of a bare resource to a resource with a name.

use std::borrow::Cow;

use practice::{
    ids::ResourceId,
    resource::{ResourceKey, ResourceType},
    text,
};
use serde::Deserialize;
use serde_json::value::RawValue;
use uuid::Uuid;

use super::{reason::Reason, version};

/// Where the ids of nameless entries come from: the same file imported again gives the same ids.
const NAMELESS: Uuid = Uuid::from_u128(0x6d0f_3a52_9b7e_4c11_8a35_27d4_90be_51c6);

/// A resource as it came, and what it is called.
#[derive(Debug)]
pub struct Candidate<'a> {
    /// Type and id it will have.
    pub key: ResourceKey,
    /// Its text, word for word.
    pub text: &'a str,
    /// `fullUrl`, when it is a `urn:`.
    pub urn: Option<String>,
    /// `identifier`, as raw JSON.
    pub identifiers: Option<&'a str>,
    /// Whether the text lacks the id, which came from the entry.
    pub nameless: bool,
}

impl Candidate<'_> {
    /// Whether the text may be taken: good JSON of a permitted size and depth, and R4. The first reading, which only
    /// gathers names, leaves this to the second.
    pub fn judge(&self) -> Result<(), Reason> {
        text::check(self.text.as_bytes())?;
        version::marked(self.key.kind, self.text).map_or(Ok(()), |version| Err(Reason::OtherVersion(version)))
    }
}

#[derive(Deserialize)]
struct Entry<'a> {
    #[serde(borrow, rename = "fullUrl")]
    full_url: Option<Cow<'a, str>>,
    #[serde(borrow)]
    resource: Option<&'a RawValue>,
    #[serde(borrow)]
    request: Option<Request<'a>>,
    #[serde(borrow)]
    search: Option<Search<'a>>,
}

#[derive(Deserialize)]
struct Request<'a> {
    #[serde(borrow)]
    method: Option<Cow<'a, str>>,
    #[serde(borrow)]
    url: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct Search<'a> {
    #[serde(borrow)]
    mode: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct Resource<'a> {
    #[serde(borrow, rename = "resourceType")]
    kind: Option<Cow<'a, str>>,
    #[serde(borrow)]
    id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    identifier: Option<&'a RawValue>,
}

/// Reads a Bundle entry, number `index` of its file.
pub fn bundled(bytes: &[u8], index: u64) -> Result<Candidate<'_>, Reason> {
    let text = std::str::from_utf8(bytes).map_err(|_| text::TextError::NotUtf8)?;
    let entry: Entry<'_> = serde_json::from_str(text).map_err(|_| unreadable(text))?;
    if entry.search.as_ref().and_then(|s| s.mode.as_deref()) == Some("outcome") {
        return Err(Reason::Outcome);
    }
    let request = entry.request.as_ref();
    if !matches!(request.and_then(|r| r.method.as_deref()), None | Some("POST" | "PUT")) {
        return Err(Reason::Request);
    }
    let resource = entry.resource.ok_or(Reason::NoResource)?.get();
    let named = Named { full_url: entry.full_url.as_deref(), url: request.and_then(|r| r.url.as_deref()), index };
    candidate(resource, named)
}

/// Reads a resource that stands for itself, number `index` of its file.
pub fn bare(bytes: &[u8], index: u64) -> Result<Candidate<'_>, Reason> {
    let text = std::str::from_utf8(bytes).map_err(|_| text::TextError::NotUtf8)?;
    candidate(text, Named { full_url: None, url: None, index })
}

/// What else may name a resource that brings no id.
struct Named<'a> {
    full_url: Option<&'a str>,
    url: Option<&'a str>,
    index: u64,
}

fn candidate<'a>(text: &'a str, named: Named<'_>) -> Result<Candidate<'a>, Reason> {
    let resource: Resource<'_> = serde_json::from_str(text).map_err(|_| unreadable(text))?;
    let kind = resource.kind.as_deref().ok_or(Reason::NoType)?;
    let Some(kind) = ResourceType::parse(kind) else {
        return Err(version::of_type(kind).map_or(Reason::UnknownType, Reason::OtherVersion));
    };
    let urn = named.full_url.filter(|url| url.starts_with("urn:"));
    let nameless = resource.id.is_none();
    let id = match resource.id {
        Some(id) => ResourceId::parse(&id).ok_or(Reason::BadId)?,
        None => id_beside(kind, text, &named).ok_or(Reason::BadId)?,
    };
    let identifiers = resource.identifier.map(RawValue::get);
    Ok(Candidate { key: ResourceKey { kind, id }, text, urn: urn.map(str::to_owned), identifiers, nameless })
}

/// The uuid of the fullUrl, the id in its address or the request's, or else one made from the content and its place.
fn id_beside(kind: ResourceType, text: &str, named: &Named<'_>) -> Option<ResourceId> {
    let from_urn = || Uuid::try_parse(named.full_url?.strip_prefix("urn:uuid:")?).ok();
    let from_address = |address: &str| {
        let (before, id) = address.rsplit_once('/')?;
        (before.rsplit('/').next() == Some(kind.as_str())).then(|| ResourceId::parse(id)).flatten()
    };
    if let Some(uuid) = from_urn() {
        return ResourceId::parse(&uuid.to_string());
    }
    [named.url, named.full_url].into_iter().flatten().find_map(from_address).or_else(|| {
        let content = Uuid::new_v5(&NAMELESS, text.as_bytes());
        ResourceId::parse(&Uuid::new_v5(&content, &named.index.to_be_bytes()).to_string())
    })
}

/// What serde can't read is broken JSON, or JSON of another shape.
fn unreadable(text: &str) -> Reason {
    Reason::Text(text::check(text.as_bytes()).err().unwrap_or(text::TextError::Unexpected))
}
