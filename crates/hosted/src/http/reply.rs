//! Answers: JSON, compressed when the client can take it.

use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
};
use practice::wire::STANDING;
use serde::Serialize;

use super::failure::Failure;
use crate::store::StoreError;

/// FHIR's media type.
pub const FHIR_JSON: &str = "application/fhir+json";

/// The fastest level: the wire is rarely slower than it.
const LEVEL: i32 = 1;

/// Below this, a header's worth of bytes is all there is to win.
const WORTH_IT: usize = 1024;

/// Whether the client takes zstd (RFC 8878).
pub(super) fn takes_zstd(headers: &HeaderMap) -> bool {
    headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok()).any(|value| {
        value.split(',').any(|coding| {
            let (name, weight) = coding.split_once(';').unwrap_or((coding, ""));
            name.trim().eq_ignore_ascii_case("zstd") && !matches!(weight.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000")
        })
    })
}

/// `body` as it is sent to a client that takes zstd.
pub(super) fn pack(body: &[u8]) -> Result<Vec<u8>, StoreError> {
    Ok(zstd::bulk::compress(body, LEVEL)?)
}

/// An answer in the making.
pub(super) struct Reply {
    status: StatusCode,
    headers: HeaderMap,
    body: Vec<u8>,
    packed: bool,
}

impl Reply {
    /// FHIR JSON.
    pub fn fhir(body: Vec<u8>) -> Self {
        Self::text(FHIR_JSON, body)
    }

    /// FHIR JSON that [`pack`] made small, for a client that takes it so.
    pub fn packed(body: Vec<u8>) -> Self {
        Self { packed: true, ..Self::fhir(body) }
    }

    /// `value` as JSON.
    pub fn json<T: Serialize>(value: &T) -> Result<Self, Failure> {
        let body = serde_json::to_vec(value).map_err(|_| StoreError::Damaged("an answer that is no JSON"))?;
        Ok(Self::text("application/json", body))
    }

    fn text(kind: &'static str, body: Vec<u8>) -> Self {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        Self { status: StatusCode::OK, headers, body, packed: false }
    }

    /// Names the version (RFC 9110).
    pub fn tagged(mut self, version: u32) -> Self {
        if let Ok(tag) = HeaderValue::from_str(&format!("W/\"{version}\"")) {
            self.headers.insert(header::ETAG, tag);
        }
        self
    }

    /// Names the address where this goes on (RFC 8288).
    pub fn followed_by(mut self, url: &str) -> Self {
        if let Ok(link) = HeaderValue::from_str(&format!("<{url}>; rel=\"next\"")) {
            self.headers.insert(header::LINK, link);
        }
        self
    }

    /// Says how the practice stands, so that a workstation sees whether to ask for its policy and its members.
    pub fn standing(mut self, standing: &str) -> Self {
        if let Ok(standing) = HeaderValue::from_str(standing) {
            self.headers.insert(STANDING, standing);
        }
        self
    }

    /// The answer. Compressing takes time: not for an async thread when the body is large.
    pub fn finish(self, zstd: bool) -> Result<Response, Failure> {
        let Self { status, mut headers, mut body, mut packed } = self;
        if zstd && !packed && body.len() >= WORTH_IT {
            (body, packed) = (pack(&body)?, true);
        }
        if packed {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("zstd"));
        }
        let mut response = Response::new(Body::from(body));
        *response.status_mut() = status;
        *response.headers_mut() = headers;
        Ok(response)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zstd_is_sent_only_to_who_asked() {
        for (asked, takes) in [
            ("zstd", true),
            ("gzip, ZSTD;q=0.5", true),
            ("gzip", false),
            ("zstd;q=0", false),
            ("", false),
            ("xzstd", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(asked));
            assert_eq!(takes_zstd(&headers), takes, "{asked}");
        }
    }
}
