//! A page of the host's history as it crosses the line: a FHIR Bundle of type `history`
//! (<https://hl7.org/fhir/R4/http.html#history>), read without touching a resource's text.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::{ids::ResourceId, life::LIFE, resource::ResourceKey, time::Stamp};

/// The longest cursor, in bytes.
const LONGEST_CURSOR: usize = 512;

/// A page.
#[derive(Deserialize)]
pub struct FeedPage<'a> {
    #[serde(borrow)]
    link: Vec<Link<'a>>,
    #[serde(borrow, default)]
    entry: Vec<Entry<'a>>,
}

/// One change of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedRow<'a> {
    /// Which resource the entry says it is; the text may say otherwise.
    pub key: ResourceKey,
    /// The host's version.
    pub version: &'a str,
    /// When the host changed it.
    pub updated: Stamp,
    /// The life that it did so in ([`crate::life`]), where that is not the present one.
    pub life: Option<&'a str>,
    /// Its text, word for word, which is JSON and not looked into yet; absent when it was deleted.
    pub text: Option<&'a str>,
}

#[derive(Deserialize)]
struct Link<'a> {
    #[serde(borrow)]
    relation: Cow<'a, str>,
    #[serde(borrow)]
    url: Cow<'a, str>,
}

#[derive(Deserialize)]
struct Entry<'a> {
    #[serde(borrow)]
    resource: Option<&'a RawValue>,
    #[serde(borrow)]
    request: Request<'a>,
    #[serde(borrow)]
    response: Response<'a>,
    #[serde(borrow, default)]
    extension: Vec<Extension<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Extension<'a> {
    #[serde(borrow)]
    url: Cow<'a, str>,
    #[serde(borrow)]
    value_string: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct Request<'a> {
    #[serde(borrow)]
    url: Cow<'a, str>,
}

#[derive(Deserialize)]
struct Response<'a> {
    #[serde(borrow)]
    etag: Cow<'a, str>,
    #[serde(borrow, rename = "lastModified")]
    last_modified: Cow<'a, str>,
}

impl<'a> FeedPage<'a> {
    /// Reads a page; `None` when it is none.
    pub fn read(bytes: &'a [u8]) -> Option<Self> {
        serde_json::from_slice(bytes).ok()
    }

    /// The cursor of the page after this one; `None` when it names none.
    pub fn next(&self) -> Option<&str> {
        cursor_of(&self.link.iter().find(|link| link.relation == "next")?.url)
    }

    /// Whether it has no entry.
    pub fn is_empty(&self) -> bool {
        self.entry.is_empty()
    }

    /// Its changes, oldest first; `None` when one of them is none.
    pub fn rows(&self) -> Option<Vec<FeedRow<'_>>> {
        self.entry.iter().map(Entry::row).collect()
    }
}

impl Entry<'_> {
    fn row(&self) -> Option<FeedRow<'_>> {
        let key = ResourceKey::parse(&self.request.url)?;
        let version = self.response.etag.strip_prefix("W/\"")?.strip_suffix('"')?;
        // What names a version is an id (<https://hl7.org/fhir/R4/resource.html#Meta>).
        ResourceId::parse(version)?;
        let updated = Stamp::parse(&self.response.last_modified)?;
        let text = self.resource.map(RawValue::get);
        let life = self.extension.iter().find(|one| one.url == LIFE).and_then(|one| one.value_string.as_deref());
        Some(FeedRow { key, version, updated, life, text })
    }
}

/// The cursor in the address of a page. It goes into an address again, so it is made of what stands for itself there
/// (RFC 3986, unreserved).
pub fn cursor_of(url: &str) -> Option<&str> {
    let (_, query) = url.split_once('?')?;
    let cursor = query.split('&').find_map(|pair| pair.strip_prefix("cursor="))?;
    let unreserved = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
    ((1..=LONGEST_CURSOR).contains(&cursor.len()) && cursor.bytes().all(unreserved)).then_some(cursor)
}
